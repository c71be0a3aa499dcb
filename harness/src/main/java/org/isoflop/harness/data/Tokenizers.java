package org.isoflop.harness.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.isoflop.harness.BadInputException;

/** The tokenizers that a configuration can name. */
public final class Tokenizers {

  /** How the path of a tokenizer ends; anything else is a name. */
  private static final String FILE = ".json";

  private Tokenizers() {}

  /**
   * Returns the tokenizer of that name: {@code bytes}, {@code gpt2}, {@code cl100k}, or the path of
   * a {@code tokenizer.json}.
   *
   * @throws BadInputException where there is none
   */
  public static Tokenizer named(String name) {
    if (name.endsWith(FILE)) {
      Path path = Path.of(name);
      TokenizerFile file = TokenizerFile.read(path);
      return BytePairTokenizer.of(file).orElseGet(() -> JsonTokenizer.of(file, path));
    }
    return switch (name) {
      case ByteTokenizer.NAME -> new ByteTokenizer();
      case TiktokenRanks.GPT2 -> TiktokenRanks.gpt2();
      case TiktokenRanks.CL100K -> TiktokenRanks.cl100k();
      default ->
          throw BadInputException.of(
              "corpus.tokenizer: '%s' is not a known tokenizer, use bytes, gpt2, cl100k or the path"
                  + " of a tokenizer.json",
              name);
    };
  }

  /** Returns a tokenizer that was learned: that of its file, wherever it will lie. */
  public static Tokenizer learned(BpeTrainer.Trained trained) {
    byte[] content = trained.json().getBytes(StandardCharsets.UTF_8);
    return BytePairTokenizer.of(TokenizerFile.of(content, Path.of("tokenizer.json"))).orElseThrow();
  }
}
