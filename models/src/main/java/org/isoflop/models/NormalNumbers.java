package org.isoflop.models;

/**
 * Normal pseudo-random numbers whose stream is ours: the same under every version of Java and on
 * every machine, so that a seed means the same initial weights for good. {@code java.util} promises
 * that of no normal generator but {@link java.util.Random}'s.
 *
 * <p>Bits by SplitMix64 (Steele, Lea and Flood 2014, Fast Splittable Pseudorandom Number
 * Generators; the constants are Vigna's reference code's), made normal by Marsaglia's polar method
 * (Marsaglia and Bray 1964) with {@link StrictMath}, whose logarithm is specified to the bit.
 */
final class NormalNumbers {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;
  private double spare;
  private boolean hasSpare;

  /**
   * Starts a stream.
   *
   * @param seed any number
   * @param stream numbers the streams of a seed, which share nothing
   */
  NormalNumbers(long seed, int stream) {
    this(mix(mix(seed) + GOLDEN_GAMMA * (stream + 1L)));
  }

  private NormalNumbers(long state) {
    this.state = state;
  }

  /** Starts SplitMix64 at a state, as its reference code does. */
  static NormalNumbers from(long state) {
    return new NormalNumbers(state);
  }

  /** Returns the next normal number, of mean 0 and standard deviation 1. */
  double next() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double u;
    double v;
    double square;
    do {
      u = uniform();
      v = uniform();
      square = u * u + v * v;
    } while (square >= 1 || square == 0);
    double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
    spare = v * scale;
    hasSpare = true;
    return u * scale;
  }

  /** Returns the next 64 bits. */
  long bits() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Returns a number evenly spread over [-1, 1), from 53 bits. */
  private double uniform() {
    return (bits() >> 11) * 0x1p-52;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
