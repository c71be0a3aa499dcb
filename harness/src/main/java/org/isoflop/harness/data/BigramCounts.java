package org.isoflop.harness.data;

import java.util.Arrays;

/**
 * Counts which byte follows which, for the losses that tables of bytes and of byte pairs would
 * reach: a decoder that does not beat them has learnt nothing, or nothing beyond the previous byte.
 *
 * <p>Byte 0 stands for the border between documents. Every document is counted as if the next one
 * to follow it were itself, so that the counts do not depend on the order of documents: border to
 * first byte, byte to byte, last byte to border.
 */
final class BigramCounts {

  private static final int VALUES = 256;

  private final long[] counts = new long[VALUES * VALUES];

  /** Counts the bytes of a document and its border. */
  void add(byte[] document) {
    int previous = 0;
    for (byte signed : document) {
      int value = Byte.toUnsignedInt(signed);
      counts[previous * VALUES + value]++;
      previous = value;
    }
    counts[previous * VALUES]++;
  }

  /**
   * Returns H(next byte | previous byte) = H(both) − H(previous byte), in nats per byte with
   * borders counted as bytes: the plug-in estimate (Cover and Thomas 2006, Elements of Information
   * Theory, section 2.2). Low by about (pairs seen − bytes seen) / 2n, as plug-in estimates are. 0
   * where nothing was counted.
   */
  double bigramNats() {
    return Math.max(0, nats(counts) - unigramNats());
  }

  /**
   * Returns H(byte), in nats per byte with borders counted as bytes: what a decoder reaches that
   * knows only how frequent each byte is, and the worst final loss of one that has learnt anything.
   * 0 where nothing was counted.
   */
  double unigramNats() {
    long[] bytes = new long[VALUES];
    for (int pair = 0; pair < counts.length; pair++) {
      bytes[pair / VALUES] += counts[pair];
    }
    return nats(bytes);
  }

  /** Returns −Σ p ln p of what was counted. */
  private static double nats(long[] counts) {
    double all = Arrays.stream(counts).sum();
    return Arrays.stream(counts)
        .filter(count -> count > 0)
        .mapToDouble(count -> count / all * Math.log(all / count))
        .sum();
  }
}
