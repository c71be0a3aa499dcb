package org.isoflop.harness.data.tokenizers;

import java.util.Arrays;

/**
 * Numbers by pair of tokens, or by any number that is not negative, without an object for any of
 * them: hashing with linear probing.
 */
public final class PairMap {

  private static final long FREE = -1;
  private static final int FIRST_CAPACITY = 1 << 10;

  /** 2^64 over the golden ratio, which spreads neighbouring keys (Knuth, volume 3, section 6.4). */
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private long[] keys = free(FIRST_CAPACITY);
  private long[] values = new long[FIRST_CAPACITY];
  private int size;

  /** Returns a pair as a number; in the order of the first token, then of the second. */
  static long pair(int first, int second) {
    return ((long) first << 32) | second;
  }

  static int first(long pair) {
    return (int) (pair >> 32);
  }

  static int second(long pair) {
    return (int) pair;
  }

  /** Returns a pair's number, or another one where it has none. */
  public long get(long pair, long otherwise) {
    int slot = slot(keys, pair);
    return keys[slot] == pair ? values[slot] : otherwise;
  }

  /** Sets a pair's number. */
  public void put(long pair, long value) {
    int slot = slot(keys, pair);
    if (keys[slot] == FREE) {
      if (3 * ++size > 2 * keys.length) {
        grow();
        slot = slot(keys, pair);
      }
      keys[slot] = pair;
    }
    values[slot] = value;
  }

  private void grow() {
    long[] more = free(2 * keys.length);
    long[] moved = new long[more.length];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != FREE) {
        int slot = slot(more, keys[i]);
        more[slot] = keys[i];
        moved[slot] = values[i];
      }
    }
    keys = more;
    values = moved;
  }

  private static int slot(long[] keys, long pair) {
    int mask = keys.length - 1;
    int slot = (int) ((pair * SPREAD) >>> 32) & mask;
    while (keys[slot] != pair && keys[slot] != FREE) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static long[] free(int capacity) {
    long[] keys = new long[capacity];
    Arrays.fill(keys, FREE);
    return keys;
  }
}
