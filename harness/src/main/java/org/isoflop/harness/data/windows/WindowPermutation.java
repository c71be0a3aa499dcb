package org.isoflop.harness.data.windows;

/**
 * A shuffle of [0, size) that needs no memory and answers for any position at once: a keyed
 * bijection, so that the order of an epoch is a function of seed and position and a resumed run
 * needs no saved state.
 *
 * <p>A balanced Feistel network permutes the numbers of 2k bits, with the smallest k from 4 that
 * holds the size; a number outside [0, size) is sent through again until it falls inside (cycle
 * walking; Black and Rogaway 2002, Ciphers with Arbitrary Finite Domains), for sizes above 64 less
 * than 4 times on average. The round function is the mixer of {@link java.util.SplittableRandom}
 * (Stafford's variant 13 of MurmurHash3's), which need not resist an adversary; it is written out
 * because the order of a run must stay the same under every version of Java.
 */
final class WindowPermutation {

  /** Four make a strong permutation (Luby and Rackoff 1988); twice that, as halves are short. */
  private static final int ROUNDS = 8;

  /** More than a short epoch needs, so that each of its orders is as likely as any other. */
  private static final int LEAST_HALF_BITS = 4;

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] keys = new long[ROUNDS];

  /**
   * Keys the permutation.
   *
   * @param size numbers to permute, from 1 to 2^62
   */
  WindowPermutation(long size, long seed, long epoch) {
    if (size < 1 || size > 1L << 62) {
      throw new IllegalArgumentException("cannot permute " + size + " numbers");
    }
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(LEAST_HALF_BITS, (bits + 1) / 2);
    this.halfMask = (1L << halfBits) - 1;
    long state = mix(mix(seed) + GOLDEN_GAMMA * (epoch + 1));
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = mix(state + GOLDEN_GAMMA * (round + 1));
    }
  }

  /** Returns where a position in [0, size) goes. */
  long at(long position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException("position " + position + " of " + size);
    }
    long number = position;
    do {
      number = once(number);
    } while (number >= size);
    return number;
  }

  private long once(long number) {
    long left = number >>> halfBits;
    long right = number & halfMask;
    for (long key : keys) {
      long next = left ^ (mix(right + key) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
