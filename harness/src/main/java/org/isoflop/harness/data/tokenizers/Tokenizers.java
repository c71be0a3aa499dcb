package org.isoflop.harness.data.tokenizers;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;

/** The tokenizers that a configuration can name. The next one with a name is one line here. */
public final class Tokenizers {

  private static final List<Named> NAMED =
      List.of(
          new Named(ByteTokenizer.NAME, "256 tokens and no training", ByteTokenizer::new),
          new Named("gpt2", "50,257", TiktokenRanks::gpt2),
          new Named("cl100k", "100,277", TiktokenRanks::cl100k));

  /** How the path of a tokenizer ends; anything else is a name. */
  private static final String FILE = ".json";

  private Tokenizers() {}

  private record Named(String name, String words, Supplier<Tokenizer> made) {}

  /** Returns the names, the first of them that of bytes. */
  public static List<String> names() {
    return NAMED.stream().map(Named::name).toList();
  }

  /** Returns the names, each with how many tokens it has or what else speaks for it. */
  public static String words() {
    return NAMED.stream()
        .map(known -> known.name + " (" + known.words + ")")
        .collect(Collectors.joining(", "));
  }

  /** Returns whether a text is a name, or may be a path. */
  public static boolean isKnown(String name) {
    return name.endsWith(FILE) || names().contains(name);
  }

  /** Returns what would do as a tokenizer, for messages. */
  public static String wanted() {
    return String.join(", ", names()) + " or the path of a tokenizer.json";
  }

  /**
   * Returns the tokenizer of a name, or that of the path of a {@code tokenizer.json}.
   *
   * @throws BadInputException where there is none
   */
  public static Tokenizer named(String name) {
    if (name.endsWith(FILE)) {
      Path path = Path.of(name);
      TokenizerFile file = TokenizerFile.read(path);
      return BytePairTokenizer.of(file).orElseGet(() -> JsonTokenizer.of(file, path));
    }
    return NAMED.stream()
        .filter(known -> known.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                BadInputException.of(
                    "corpus.tokenizer: '%s' is not a known tokenizer, use %s", name, wanted()))
        .made
        .get();
  }

  /** Returns a tokenizer that was learned: that of its file, wherever it will lie. */
  public static Tokenizer learned(BpeTrainer.Trained trained) {
    byte[] content = trained.json().getBytes(StandardCharsets.UTF_8);
    return BytePairTokenizer.of(TokenizerFile.of(content, Path.of("tokenizer.json"))).orElseThrow();
  }
}
