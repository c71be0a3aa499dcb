package org.isoflop.harness.data.tokenizers;

import java.util.function.IntConsumer;

/**
 * Every byte is a token. Nothing to train, no share of the FLOPs worth naming in embedding and
 * head, and nats per token are (nearly) nats per byte: the right choice for small budgets.
 *
 * <p>Token 0 separates documents. No text holds a NUL byte: a document with one is binary, and the
 * corpus leaves it out.
 */
public final class ByteTokenizer implements Tokenizer {

  /** The name in a configuration. */
  public static final String NAME = "bytes";

  /** The token that stands before every document. */
  public static final int SEPARATOR = 0;

  @Override
  public String identity() {
    return NAME;
  }

  @Override
  public int vocabulary() {
    return ONE_BYTE_VOCABULARY;
  }

  @Override
  public int separator() {
    return SEPARATOR;
  }

  @Override
  public void encode(byte[] document, IntConsumer tokens) {
    for (byte value : document) {
      tokens.accept(Byte.toUnsignedInt(value));
    }
  }

  @Override
  public byte[] decode(int[] tokens) {
    byte[] text = new byte[tokens.length];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) tokens[i];
    }
    return text;
  }

  @Override
  public int count(byte[] document) {
    return document.length;
  }
}
