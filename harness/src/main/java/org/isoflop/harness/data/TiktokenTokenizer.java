package org.isoflop.harness.data;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * OpenAI's byte-level BPE tokenizers by jtokkit, whose library carries their ranks: GPT-2's, which
 * tiktoken calls r50k_base, and GPT-4's cl100k_base. Their separator is {@code <|endoftext|>}.
 */
final class TiktokenTokenizer implements Tokenizer {

  static final String GPT2 = "gpt2";
  static final String CL100K = "cl100k";

  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private final String name;
  private final EncodingType type;
  private final int vocabulary;
  private final int separator;

  private TiktokenTokenizer(String name, EncodingType type, int vocabulary, int separator) {
    this.name = name;
    this.type = type;
    this.vocabulary = vocabulary;
    this.separator = separator;
  }

  /** Returns GPT-2's: 50,000 merges, 256 bytes and the separator. */
  static TiktokenTokenizer gpt2() {
    return new TiktokenTokenizer(GPT2, EncodingType.R50K_BASE, 50257, 50256);
  }

  /** Returns GPT-4's: 100,256 byte strings, the separator, and special tokens up to 100,276. */
  static TiktokenTokenizer cl100k() {
    return new TiktokenTokenizer(CL100K, EncodingType.CL100K_BASE, 100277, 100257);
  }

  @Override
  public String identity() {
    try (InputStream ranks = Encodings.class.getResourceAsStream(type.getName() + ".tiktoken")) {
      return name + " " + ContentHash.text(ranks.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the ranks of " + name, e);
    }
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public int separator() {
    return separator;
  }

  @Override
  public void encode(byte[] document, IntConsumer tokens) {
    String text = new String(document, StandardCharsets.UTF_8);
    IntArrayList encoded = ENCODINGS.getEncoding(type).encodeOrdinary(text);
    for (int i = 0; i < encoded.size(); i++) {
      tokens.accept(encoded.get(i));
    }
  }

  @Override
  public int count(byte[] document) {
    return ENCODINGS
        .getEncoding(type)
        .countTokensOrdinary(new String(document, StandardCharsets.UTF_8));
  }
}
