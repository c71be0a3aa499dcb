package org.isoflop.harness.data;

import java.util.Arrays;

/**
 * Which documents have been seen, in eight bytes and a little room for each: 64 of the bits of
 * their hashes, which two of a billion different documents share with a probability of 3%, and two
 * of a hundred million with 0.03%. The later one of such a pair would pass for a duplicate.
 *
 * <p>Open addressing with linear probing (Knuth, The Art of Computer Programming, volume 3, section
 * 6.4, algorithm L), in segments that grow one at a time, so that growing takes no second copy.
 */
final class DocumentSet {

  private static final int SEGMENT_BITS = 8;
  private static final int FIRST_SLOTS = 16;

  private final long[][] segments = new long[1 << SEGMENT_BITS][FIRST_SLOTS];
  private final int[] held = new int[1 << SEGMENT_BITS];

  /** Adds a document and returns whether it is new. */
  boolean add(ContentHash hash) {
    long key = key(hash);
    int segment = segment(key);
    if (!insert(segments[segment], key)) {
      return false;
    }
    if (++held[segment] > segments[segment].length / 4 * 3) {
      long[] larger = new long[2 * segments[segment].length];
      Arrays.stream(segments[segment]).filter(old -> old != 0).forEach(old -> insert(larger, old));
      segments[segment] = larger;
    }
    return true;
  }

  /** Returns whether a document was added. */
  boolean contains(ContentHash hash) {
    long key = key(hash);
    long[] slots = segments[segment(key)];
    return slots[slot(slots, key)] == key;
  }

  /** Returns how many different documents were added. */
  long size() {
    return Arrays.stream(held).asLongStream().sum();
  }

  private static long key(ContentHash hash) {
    return hash.b() == 0 ? 1 : hash.b(); // 0 marks an empty slot
  }

  private static int segment(long key) {
    return (int) (key >>> (Long.SIZE - SEGMENT_BITS));
  }

  private static boolean insert(long[] slots, long key) {
    int at = slot(slots, key);
    boolean isNew = slots[at] == 0;
    slots[at] = key;
    return isNew;
  }

  /** Returns where a key is, or would be. */
  private static int slot(long[] slots, long key) {
    int mask = slots.length - 1;
    int at = (int) key & mask;
    while (slots[at] != 0 && slots[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }
}
