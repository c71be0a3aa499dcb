package org.isoflop.harness.data;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HexFormat;
import org.isoflop.harness.Sha256;

/**
 * The SHA-256 of a document: its identity, its side of the split and its place in the token files,
 * because it depends on nothing but the content. Four longs, big-endian, take a third of the memory
 * of a byte array.
 */
record ContentHash(long a, long b, long c, long d) implements Comparable<ContentHash> {

  private static final Comparator<ContentHash> AS_UNSIGNED_NUMBER =
      Comparator.comparing(ContentHash::a, Long::compareUnsigned)
          .thenComparing(ContentHash::b, Long::compareUnsigned)
          .thenComparing(ContentHash::c, Long::compareUnsigned)
          .thenComparing(ContentHash::d, Long::compareUnsigned);

  /** Bytes of a hash. */
  static final int BYTES = 4 * Long.BYTES;

  private static final int UNUSED_BITS = 64 - 53;
  private static final double STEP = 0x1p-53;

  static ContentHash of(byte[] document) {
    return from(ByteBuffer.wrap(Sha256.digest().digest(document)));
  }

  /** Reads the next 32 bytes, big-endian. */
  static ContentHash from(ByteBuffer bytes) {
    return new ContentHash(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  /** Writes the 32 bytes of this hash, big-endian. */
  ByteBuffer putInto(ByteBuffer bytes) {
    return bytes.putLong(a).putLong(b).putLong(c).putLong(d);
  }

  /** Returns the 32 bytes of this hash, big-endian. */
  byte[] bytes() {
    return putInto(ByteBuffer.allocate(BYTES)).array();
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }

  /** Returns the first byte, unsigned: equal for hashes that follow one another. */
  int firstByte() {
    return (int) (a >>> (Long.SIZE - Byte.SIZE));
  }

  /**
   * Tells which side of the split the document is on. The first 8 bytes, as an unsigned number over
   * 2^64 (to the 53 bits that a double holds), are uniform over documents, so that {@code fraction}
   * of them are held out; a larger fraction only adds documents to those of a smaller one.
   */
  boolean isValidation(double fraction) {
    return (a >>> UNUSED_BITS) * STEP < fraction;
  }

  @Override
  public int compareTo(ContentHash other) {
    return AS_UNSIGNED_NUMBER.compare(this, other);
  }
}
