package org.isoflop.harness.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The tokens of one split, in a form that a device takes without a copy in Java: a direct buffer,
 * held in memory or mapped from a file, little-endian, unsigned bytes or 32-bit integers.
 *
 * @param buffer exactly the tokens, from position 0 to the limit; the accessor gives a view of its
 *     own each time, so that no reader moves another's position
 * @param bytesPerToken 1 or 4
 * @param count how many tokens
 */
public record Tokens(ByteBuffer buffer, int bytesPerToken, long count) {

  /** Refuses a buffer that is not direct or not of the length that the count says. */
  public Tokens {
    requireWidth(bytesPerToken);
    if (!buffer.isDirect() || buffer.remaining() != count * bytesPerToken) {
      throw new IllegalArgumentException(
          "not " + count + " tokens of " + bytesPerToken + " bytes in a direct buffer: " + buffer);
    }
    buffer = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Holds tokens in memory, outside the heap.
   *
   * @param bytesPerToken 1 or 4
   * @param tokens none negative; below 256 where they take 1 byte
   */
  public static Tokens held(int bytesPerToken, int... tokens) {
    requireWidth(bytesPerToken);
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(tokens.length, bytesPerToken))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int token : tokens) {
      if (token < 0 || (bytesPerToken == 1 && token >= Tokenizer.ONE_BYTE_VOCABULARY)) {
        throw new IllegalArgumentException(
            "token " + token + " does not fit " + bytesPerToken + " bytes");
      }
      if (bytesPerToken == 1) {
        buffer.put((byte) token);
      } else {
        buffer.putInt(token);
      }
    }
    return new Tokens(buffer.flip(), bytesPerToken, tokens.length);
  }

  /** Returns a view of the tokens, little-endian, with its own position. */
  @Override
  public ByteBuffer buffer() {
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the token at an index from 0 to {@link #count} − 1. */
  public int at(long index) {
    int position = Math.toIntExact(index * bytesPerToken);
    return bytesPerToken == 1 ? Byte.toUnsignedInt(buffer.get(position)) : buffer.getInt(position);
  }

  private static void requireWidth(int bytesPerToken) {
    if (bytesPerToken != 1 && bytesPerToken != Integer.BYTES) {
      throw new IllegalArgumentException("tokens take 1 or 4 bytes, not " + bytesPerToken);
    }
  }
}
