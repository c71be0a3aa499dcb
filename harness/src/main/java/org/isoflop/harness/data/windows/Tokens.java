package org.isoflop.harness.data.windows;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The tokens of one split, as many as there are: flat, little-endian and unsigned, 1, 2 or 4 bytes
 * each, in memory or in files mapped into it, which all processes share and which take none of the
 * heap.
 *
 * <p>A buffer reaches no further than 2^31 bytes. So tokens lie in segments, and what is read may
 * begin in one and end in another; where a file ends makes no difference. Safe for use by several
 * threads.
 */
public final class Tokens {

  private static final int SEGMENT_BYTES = 1 << 30;

  private final List<Buffer> segments = new ArrayList<>();
  private final long[] firsts;
  private final int bytesPerToken;
  private final long count;

  /**
   * Takes tokens that are in memory.
   *
   * @param segments one after another, each whole tokens from position to limit
   * @param bytesPerToken 1, 2 or 4
   */
  public Tokens(List<ByteBuffer> segments, int bytesPerToken) {
    requireWidth(bytesPerToken);
    this.bytesPerToken = bytesPerToken;
    firsts = new long[segments.size()];
    long tokens = 0;
    for (ByteBuffer segment : segments) {
      if (segment.remaining() % bytesPerToken != 0) {
        throw new IllegalArgumentException(
            segment.remaining() + " bytes are no tokens of " + bytesPerToken);
      }
      Buffer typed = typed(segment, bytesPerToken);
      firsts[this.segments.size()] = tokens;
      this.segments.add(typed);
      tokens += typed.limit();
    }
    count = tokens;
  }

  /** Maps a file of tokens into memory, read-only, in segments. */
  public static List<ByteBuffer> map(Path file) throws IOException {
    List<ByteBuffer> segments = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      for (long at = 0; at < size; at += SEGMENT_BYTES) {
        segments.add(channel.map(MapMode.READ_ONLY, at, Math.min(SEGMENT_BYTES, size - at)));
      }
    }
    return segments;
  }

  /**
   * Holds tokens in memory.
   *
   * @param bytesPerToken 1, 2 or 4
   * @param tokens each fits that many bytes
   */
  public static Tokens held(int bytesPerToken, int... tokens) {
    requireWidth(bytesPerToken);
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(tokens.length, bytesPerToken))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int token : tokens) {
      put(buffer, bytesPerToken, token);
    }
    return new Tokens(List.of(buffer.flip()), bytesPerToken);
  }

  /** Writes a token in its stored form; the buffer is little-endian. */
  public static void put(ByteBuffer buffer, int bytesPerToken, int token) {
    if (token < 0 || (bytesPerToken < Integer.BYTES && token >> (8 * bytesPerToken) != 0)) {
      throw new IllegalArgumentException(
          "token " + token + " does not fit " + bytesPerToken + " bytes");
    }
    switch (bytesPerToken) {
      case Byte.BYTES -> buffer.put((byte) token);
      case Short.BYTES -> buffer.putShort((short) token);
      default -> buffer.putInt(token);
    }
  }

  /** Returns the bytes that a token takes. */
  public int bytesPerToken() {
    return bytesPerToken;
  }

  /** Returns how many tokens there are. */
  public long count() {
    return count;
  }

  /**
   * Reads stretches of equal length, one after another.
   *
   * @param length tokens of each stretch
   * @param starts where each begins, from 0 to {@link #count} − length
   * @return [starts][length] tokens
   * @throws IndexOutOfBoundsException where one reaches past the end
   */
  public int[] read(int length, long... starts) {
    int[] tokens = new int[Math.multiplyExact(starts.length, length)];
    for (int i = 0; i < starts.length; i++) {
      Objects.checkFromIndexSize(starts[i], length, count);
      read(starts[i], tokens, i * length, (i + 1) * length);
    }
    return tokens;
  }

  private void read(long start, int[] into, int from, int to) {
    int found = Arrays.binarySearch(firsts, start);
    int segment = found >= 0 ? found : -found - 2;
    long next = start;
    for (int at = from; at < to; segment++) {
      Buffer stored = segments.get(segment);
      int first = (int) (next - firsts[segment]);
      int there = Math.min(to - at, stored.limit() - first);
      copy(stored, first, into, at, there);
      at += there;
      next += there;
    }
  }

  /** In bulk, 3 ns a token at any width; token by token, those of 4 bytes took 11. */
  private static void copy(Buffer stored, int first, int[] into, int at, int count) {
    if (stored instanceof ByteBuffer bytes) {
      byte[] narrow = new byte[count];
      bytes.get(first, narrow);
      for (int i = 0; i < count; i++) {
        into[at + i] = Byte.toUnsignedInt(narrow[i]);
      }
    } else if (stored instanceof ShortBuffer shorts) {
      short[] narrow = new short[count];
      shorts.get(first, narrow);
      for (int i = 0; i < count; i++) {
        into[at + i] = Short.toUnsignedInt(narrow[i]);
      }
    } else if (stored instanceof IntBuffer ints) {
      ints.get(first, into, at, count);
    }
  }

  /** Returns whole tokens, from position to limit, as a buffer whose elements they are. */
  private static Buffer typed(ByteBuffer segment, int bytesPerToken) {
    ByteBuffer bytes = segment.slice().order(ByteOrder.LITTLE_ENDIAN);
    return switch (bytesPerToken) {
      case Byte.BYTES -> bytes;
      case Short.BYTES -> bytes.asShortBuffer();
      default -> bytes.asIntBuffer();
    };
  }

  /** Tells whether tokens can take that many bytes each. */
  public static boolean isWidth(int bytesPerToken) {
    return bytesPerToken == Byte.BYTES
        || bytesPerToken == Short.BYTES
        || bytesPerToken == Integer.BYTES;
  }

  private static void requireWidth(int bytesPerToken) {
    if (!isWidth(bytesPerToken)) {
      throw new IllegalArgumentException("tokens take 1, 2 or 4 bytes, not " + bytesPerToken);
    }
  }
}
