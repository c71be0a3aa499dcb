package org.isoflop.harness.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.windows.Tokens;

/** The tokens of a document in their stored form, little-endian and one after another. */
final class StoredTokens implements IntConsumer {

  /** Bytes of text to a token, at least; more room is made where there are fewer. */
  private static final int TYPICAL_BYTES = 2;

  private final int vocabulary;
  private final int bytesPerToken;
  private ByteBuffer held;

  private StoredTokens(Tokenizer tokenizer, int room) {
    this.vocabulary = tokenizer.vocabulary();
    this.bytesPerToken = tokenizer.bytesPerToken();
    this.held = allocate(Math.multiplyExact(Math.max(room, 1), bytesPerToken));
  }

  /** Encodes a document; without the separator. */
  static byte[] of(Tokenizer tokenizer, byte[] document) {
    StoredTokens tokens = new StoredTokens(tokenizer, document.length / TYPICAL_BYTES);
    tokenizer.encode(document, tokens);
    return tokens.stored();
  }

  /** Returns tokens in their stored form. */
  static byte[] of(Tokenizer tokenizer, int... ids) {
    StoredTokens tokens = new StoredTokens(tokenizer, ids.length);
    for (int id : ids) {
      tokens.accept(id);
    }
    return tokens.stored();
  }

  /** Adds a token. */
  @Override
  public void accept(int token) {
    if (token < 0 || token >= vocabulary) {
      throw new IllegalStateException("token " + token + " of a vocabulary of " + vocabulary);
    }
    if (held.remaining() < bytesPerToken) {
      held = allocate(Math.multiplyExact(2, held.capacity())).put(held.flip());
    }
    Tokens.put(held, bytesPerToken, token);
  }

  private byte[] stored() {
    byte[] stored = new byte[held.position()];
    held.flip().get(stored);
    return stored;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
