package org.isoflop.harness.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import picocli.CommandLine.Option;

/** The corpus that {@code isoflop init} is told of, by flags or by a person. */
final class InitCorpus {

  @Option(
      names = "--corpus",
      paramLabel = "PATH[,PATH...]",
      description =
          "The text: files, folders, archives or glob patterns of them; or one folder of 'isoflop"
              + " tokenize'.")
  private Optional<String> corpus;

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME|FILE",
      description =
          "How text becomes tokens: ${COMPLETION-CANDIDATES} or the path of a tokenizer.json."
              + " Default, where nobody is asked: bytes.",
      completionCandidates = TokenizerNames.class)
  private Optional<String> tokenizer;

  @Option(
      names = "--include",
      paramLabel = "GLOB[,GLOB...]",
      description = CorpusConfig.INCLUDE_WORDS)
  private Optional<String> include;

  @Option(names = "--text", paramLabel = "NAME", description = CorpusConfig.TEXT_WORDS)
  private Optional<String> field;

  /** What a person has answered, however many texts will not do then. */
  private Optional<String> answered = Optional.empty();

  /** Refuses flags that are wrong, and what no flag says where there is nobody to ask. */
  void check(Questions questions) {
    questions.checkAnswerable("--corpus", corpus);
    tokenizer.ifPresent(InitCorpus::tokenizerName);
    corpus.ifPresent(this::corpus);
  }

  /**
   * Returns what becomes of the corpus.
   *
   * @param finds refuses a text that is not there, before its tokenizer is asked for
   * @param reads a corpus, or refuses it
   */
  <T> T asked(Questions questions, Consumer<CorpusConfig> finds, Function<CorpusConfig, T> reads) {
    return questions.answer(
        "--corpus",
        corpus,
        "Text: files, folders, archives, globs, with commas between; or a folder of tokens",
        Optional.empty(),
        paths -> {
          CorpusConfig found = corpus(paths);
          if (!found.tokens().isEmpty()) {
            return reads.apply(found);
          }
          finds.accept(found);
          String name =
              questions.answer(
                  "--tokenizer",
                  tokenizer.or(() -> answered),
                  "Tokenizer: " + Tokenizers.wanted(),
                  Optional.of(ByteTokenizer.NAME),
                  InitCorpus::tokenizerName);
          answered = Optional.of(name);
          return reads.apply(found.encodedBy(name));
        });
  }

  /** Returns what commas stand between, but for those within the braces of a glob. */
  private static List<String> split(String list) {
    return Arrays.stream(list.split(",(?![^{]*\\})", -1)).map(String::strip).toList();
  }

  /** Returns a path with its home spelled out; the shell knows only the first among several. */
  private static String fromHome(String path) {
    String home = Matcher.quoteReplacement(System.getProperty("user.home") + "/");
    return path.replaceFirst("^~/", home);
  }

  /** Returns the corpus at some paths: a folder of tokens, or text. */
  private CorpusConfig corpus(String paths) {
    List<String> names = split(paths).stream().map(InitCorpus::fromHome).toList();
    try {
      Optional<String> tokens =
          names.stream().filter(name -> CorpusConfig.isTokens(Path.of(name))).findFirst();
      if (tokens.isEmpty()) {
        return CorpusConfig.of(names).taking(split(include.orElse("**")), field.orElse("text"));
      }
      if (names.size() > 1) {
        throw BadInputException.of(
            "--corpus: %s holds tokens, which go with no other text; name it alone", tokens.get());
      }
      Map<String, Object> said = new HashMap<>();
      include.ifPresent(globs -> said.put("include", split(globs)));
      field.ifPresent(name -> said.put("text", name));
      tokenizer.ifPresent(name -> said.put("tokenizer", fromHome(name)));
      return CorpusConfig.ofTokens(tokens.get(), said);
    } catch (IllegalArgumentException e) {
      throw BadInputException.of("--corpus: %s", e.getMessage());
    }
  }

  /** Returns the name of a tokenizer that there is. */
  private static String tokenizerName(String answer) {
    String name = fromHome(answer);
    Tokenizers.named(name);
    return name;
  }
}
