package org.isoflop.harness.data;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * OpenAI's byte-level BPE tokenizers, offline: jtokkit carries their ranks, and encodes with
 * GPT-4's cl100k_base. Their separator is {@code <|endoftext|>}.
 */
final class TiktokenTokenizer implements Tokenizer {

  static final String GPT2 = "gpt2";
  static final String CL100K = "cl100k";

  private static final int CL100K_TEXTS = 100256;

  private final String identity;
  private final Encoding encoding;

  private TiktokenTokenizer(String identity, Encoding encoding) {
    this.identity = identity;
    this.encoding = encoding;
  }

  /** Returns GPT-4's: 100,256 byte strings, the separator, and special tokens up to 100,276. */
  static Tokenizer cl100k() {
    return new TiktokenTokenizer(
        identity(CL100K, ranks("cl100k_base")),
        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE));
  }

  /**
   * Returns GPT-2's, which tiktoken calls r50k_base: 50,256 byte strings and the separator. As
   * tiktoken has it, two neighbours may merge where they make one of these, of which that of the
   * lowest token does.
   */
  static Tokenizer gpt2() {
    byte[] file = ranks("r50k_base");
    Map<String, Integer> tokens = new HashMap<>();
    for (String line : new String(file, StandardCharsets.US_ASCII).split("\n", -1)) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 2) {
        byte[] token = Base64.getDecoder().decode(parts[0]);
        tokens.put(new String(token, StandardCharsets.ISO_8859_1), Integer.parseInt(parts[1]));
      }
    }
    byte[][] texts = new byte[tokens.size() + 1][];
    int[] bytes = new int[ByteLevel.BYTES];
    PairMap merges = new PairMap();
    tokens.forEach(
        (text, token) -> {
          texts[token] = text.getBytes(StandardCharsets.ISO_8859_1);
          if (text.length() == 1) {
            bytes[text.charAt(0)] = token;
          }
          for (int i = 1; i < text.length(); i++) {
            Integer left = tokens.get(text.substring(0, i));
            Integer right = tokens.get(text.substring(i));
            if (left != null && right != null) {
              merges.put(PairMap.pair(left, right), BytePairTokenizer.merge(token, token));
            }
          }
        });
    return new BytePairTokenizer(
        identity(GPT2, file), texts, tokens.size(), Set.of(tokens.size()), bytes, merges);
  }

  private static byte[] ranks(String name) {
    try (InputStream ranks = Encodings.class.getResourceAsStream(name + ".tiktoken")) {
      return ranks.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the ranks of " + name, e);
    }
  }

  private static String identity(String name, byte[] ranks) {
    return name + " " + ContentHash.text(ranks);
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public int vocabulary() {
    return 100277;
  }

  @Override
  public int separator() {
    return 100257;
  }

  @Override
  public void encode(byte[] document, IntConsumer tokens) {
    IntArrayList encoded = encoding.encodeOrdinary(new String(document, StandardCharsets.UTF_8));
    for (int i = 0; i < encoded.size(); i++) {
      tokens.accept(encoded.get(i));
    }
  }

  @Override
  public byte[] decode(int[] tokens) {
    IntArrayList known = new IntArrayList(tokens.length);
    for (int token : tokens) {
      if (token < CL100K_TEXTS) {
        known.add(token);
      }
    }
    return encoding.decodeBytes(known);
  }

  @Override
  public int count(byte[] document) {
    return encoding.countTokensOrdinary(new String(document, StandardCharsets.UTF_8));
  }
}
