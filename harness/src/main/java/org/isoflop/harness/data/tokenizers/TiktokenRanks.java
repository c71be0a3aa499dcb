package org.isoflop.harness.data.tokenizers;

import com.knuddels.jtokkit.Encodings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.isoflop.harness.Sha256;

/**
 * OpenAI's byte-level BPE tokenizers, offline: jtokkit carries the files of ranks that tiktoken
 * downloads, a byte string and its token a line. As tiktoken has it, two neighbours may merge where
 * they make one of these, of which that of the lowest token does. Their separator is {@code
 * <|endoftext|>}.
 */
final class TiktokenRanks {

  private TiktokenRanks() {}

  /** Returns GPT-2's, which tiktoken calls r50k_base: 50,256 byte strings and the separator. */
  static Tokenizer gpt2() {
    return Gpt2.TOKENIZER;
  }

  /** Returns GPT-4's: 100,256 byte strings, the separator, and special tokens up to 100,276. */
  static Tokenizer cl100k() {
    return Cl100k.TOKENIZER;
  }

  // Each made when first asked for and then kept: a command asks several times, and finding what
  // may
  // merge takes tenths of a second.

  private static final class Gpt2 {
    private static final Tokenizer TOKENIZER =
        tokenizer("gpt2", "r50k_base", ByteLevel.Pattern.GPT2, 50_257, 50_256);
  }

  private static final class Cl100k {
    private static final Tokenizer TOKENIZER =
        tokenizer("cl100k", "cl100k_base", ByteLevel.Pattern.GPT4, 100_277, 100_257);
  }

  private static Tokenizer tokenizer(
      String name, String ranks, ByteLevel.Pattern pattern, int vocabulary, int separator) {
    byte[] file = file(ranks);
    Map<String, Integer> tokens = new HashMap<>();
    for (String line : new String(file, StandardCharsets.US_ASCII).split("\n", -1)) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 2) {
        byte[] token = Base64.getDecoder().decode(parts[0]);
        tokens.put(new String(token, StandardCharsets.ISO_8859_1), Integer.parseInt(parts[1]));
      }
    }
    byte[][] texts = new byte[vocabulary][];
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
        name + " " + Sha256.text(file),
        pattern,
        texts,
        separator,
        Set.of(separator),
        bytes,
        merges);
  }

  private static byte[] file(String ranks) {
    try (InputStream in = Encodings.class.getResourceAsStream(ranks + ".tiktoken")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the ranks of " + ranks, e);
    }
  }
}
