package org.isoflop.harness.data;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How similar two texts are, from 256 bytes of each: an estimate of the Jaccard similarity of the
 * sets of their runs of five words (Broder 1997, "On the resemblance and containment of documents";
 * runs of five as in Lee et al. 2022, arXiv 2107.06499). Its standard error at similarity s is that
 * of 256 draws, √(s(1 − s)/256): 0.025 at 0.8.
 *
 * <p>A word is a run of letters, digits and underscores, in lower case as far as it is ASCII, and
 * every character of Chinese, Japanese and other scripts that UTF-8 has three bytes or more for is
 * one by itself. What stands between words counts for nothing. A text of fewer than five words is
 * one run; one without any is similar to none.
 *
 * <p>The sketch is that of Dahlgaard, Knudsen and Thorup 2017 (arXiv 1704.04370): each run falls
 * into one of 256 bins, of which each keeps its least hash; while there are empty bins all runs
 * fall again, by other hashes. So a long text costs one hash a word, and a short one 1,800 in all.
 * Of each least hash a byte is kept (b-bit minwise hashing, Li and König 2010).
 */
final class MinHash {

  /** Bytes of a signature, and bins of the sketch. */
  static final int BYTES = 256;

  /** Words in a row that are one element. */
  private static final int RUN = 5;

  /** Candidates are as good as sure from the similarity asked for up. */
  private static final double SURE = 0.995;

  private static final int BIN_BITS = 8;
  private static final double BY_CHANCE = 1.0 / (1 << Byte.SIZE);
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;

  /** A word's bytes: ASCII in lower case, 0 where it ends a word. */
  private static final byte[] OF_WORD = new byte[1 << Byte.SIZE];

  static {
    for (int c = 0; c < OF_WORD.length; c++) {
      boolean ascii = c < 0x80;
      if (!ascii || Character.isLetterOrDigit(c) || c == '_') {
        OF_WORD[c] = (byte) (ascii ? Character.toLowerCase(c) : c);
      }
    }
  }

  private long[] runs = new long[1 << 10];
  private int count;
  private int words;
  private final long[] last = new long[RUN];

  private MinHash() {}

  /** Returns the signature of a text; no bytes of one without words. */
  static byte[] signature(byte[] text) {
    MinHash hash = new MinHash();
    hash.read(text);
    return hash.count == 0 ? new byte[0] : hash.sketch();
  }

  /**
   * Estimates a similarity, from 0 to 1.
   *
   * @param one holds a signature from its position on, as {@code other}
   */
  static double similarity(ByteBuffer one, int at, ByteBuffer other, int otherAt) {
    int equal = 0;
    for (int i = 0; i < BYTES; i += Long.BYTES) {
      long differing = one.getLong(at + i) ^ other.getLong(otherAt + i);
      // The high bit of each byte that is 0, and no other (Warren, Hacker's Delight, 6-1).
      equal += Long.bitCount(~(((differing & LOW_BITS) + LOW_BITS) | differing | LOW_BITS));
    }
    return Math.max(0, ((double) equal / BYTES - BY_CHANCE) / (1 - BY_CHANCE));
  }

  /**
   * Returns how many bytes of a signature make a band: so many that texts as similar as asked for
   * are equal in one band at least, nearly always, and others seldom (Leskovec, Rajaraman and
   * Ullman, Mining of Massive Datasets, section 3.4).
   */
  static int bandBytes(double similarity) {
    int bytes = BYTES / Long.BYTES;
    while (bytes > 1 && chance(similarity, bytes, BYTES / bytes) < SURE) {
      bytes--;
    }
    return bytes;
  }

  private static double chance(double similarity, int bytes, int bands) {
    return 1 - Math.pow(1 - Math.pow(similarity, bytes), bands);
  }

  /** Returns the hash of some of a signature's bytes. */
  static long bandHash(ByteBuffer signatures, int at, int bytes) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < bytes; i++) {
      hash = (hash ^ signatures.get(at + i)) * FNV_PRIME;
    }
    return mixed(hash);
  }

  private void read(byte[] text) {
    long word = FNV_OFFSET;
    for (int i = 0; i < text.length; i++) {
      int next = text[i] & 0xff;
      if (next >= 0xe0) {
        end(word);
        int length = Math.min(next >= 0xf0 ? 4 : 3, text.length - i);
        if (!isPunctuation(text, i, length)) {
          word = FNV_OFFSET;
          for (int j = 0; j < length; j++) {
            word = (word ^ text[i + j]) * FNV_PRIME;
          }
          end(word);
        }
        word = FNV_OFFSET;
        i += length - 1;
      } else if (OF_WORD[next] != 0) {
        word = (word ^ OF_WORD[next]) * FNV_PRIME;
      } else {
        end(word);
        word = FNV_OFFSET;
      }
    }
    end(word);
    if (words > 0 && words < RUN) {
      add(words);
    }
  }

  /** Of Unicode's blocks of general, and of Chinese, Japanese and Korean punctuation. */
  private static boolean isPunctuation(byte[] text, int at, int length) {
    int first = text[at] & 0xff;
    int second = length > 1 ? text[at + 1] & 0xff : 0;
    return (first == 0xe2 && second <= 0x81) || (first == 0xe3 && second == 0x80);
  }

  private void end(long word) {
    if (word != FNV_OFFSET) {
      System.arraycopy(last, 1, last, 0, RUN - 1);
      last[RUN - 1] = word;
      words++;
      if (words >= RUN) {
        add(RUN);
      }
    }
  }

  private void add(int length) {
    long run = length;
    for (int i = RUN - length; i < RUN; i++) {
      run = (run + last[i]) * GOLDEN;
    }
    if (count == runs.length) {
      runs = Arrays.copyOf(runs, 2 * count);
    }
    runs[count++] = run;
  }

  private byte[] sketch() {
    long[] least = new long[BYTES];
    Arrays.fill(least, Long.MAX_VALUE);
    int empty = BYTES;
    for (int round = 0; empty > 0; round++) {
      if (round == 1) {
        keepDistinct();
      }
      for (int i = 0; i < count; i++) {
        long hash = mixed(runs[i] + (round + 1) * GOLDEN);
        // After so many rounds each fills its own bin, so that there is an end.
        int bin = round < BYTES ? (int) (hash >>> (Long.SIZE - BIN_BITS)) : round - BYTES;
        long value = ((long) round << 48) | (hash << BIN_BITS >>> 16);
        if (value < least[bin]) {
          empty -= least[bin] == Long.MAX_VALUE ? 1 : 0;
          least[bin] = value;
        }
      }
    }
    byte[] signature = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      signature[i] = (byte) least[i];
    }
    return signature;
  }

  /** Few different ones may be many, as in a table of zeros. */
  private void keepDistinct() {
    runs = Arrays.stream(runs, 0, count).sorted().distinct().toArray();
    count = runs.length;
  }

  /** Stafford's mix 13, as in {@link java.util.SplittableRandom}. */
  private static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
