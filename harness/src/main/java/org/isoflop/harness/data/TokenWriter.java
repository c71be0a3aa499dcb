package org.isoflop.harness.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/** Writes tokens in their stored form, little-endian, in blocks; the stream stays the caller's. */
final class TokenWriter implements IntConsumer {

  private static final int BLOCK = 1 << 20;

  private final OutputStream out;
  private final int vocabulary;
  private final int bytesPerToken;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private long count;

  TokenWriter(OutputStream out, Tokenizer tokenizer) {
    this.out = out;
    this.vocabulary = tokenizer.vocabulary();
    this.bytesPerToken = tokenizer.bytesPerToken();
  }

  /** Writes a token; an {@link UncheckedIOException} where the file cannot be written. */
  @Override
  public void accept(int token) {
    if (token < 0 || token >= vocabulary) {
      throw new IllegalStateException("token " + token + " of a vocabulary of " + vocabulary);
    }
    if (block.remaining() < bytesPerToken) {
      flush();
    }
    Tokens.put(block, bytesPerToken, token);
    count++;
  }

  /** Returns how many tokens were written in all. */
  long count() {
    return count;
  }

  /** Hands what is left to the stream. */
  void flush() {
    try {
      out.write(block.array(), 0, block.position());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write tokens: " + e.getMessage(), e);
    }
    block.clear();
  }
}
