package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.sweep.PointsWithoutSeconds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoflop tokenize}, and sweeps that name what it made. */
final class TokenizeCommandTest {

  private static final String PROSE = "src/test/resources/corpora/prose";

  private static final List<String> PROSE_SPLIT = List.of(PROSE, "--validation-fraction", "0.1");

  @TempDir private Path folder;

  @Test
  void sweepsOfTextAndOfItsTokensHaveTheSamePoints() throws IOException {
    Path tokens = folder.resolve("tokens");
    Path text = config("of-text.yaml", "");
    CommandRun made =
        tokenize(
            tokens, List.of(folder.resolve("text").toString(), "--validation-fraction", "0.1"));
    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    assertThat(made.out())
        .contains("1.0", " bytes a token; ", "a sweep takes them by corpus: {tokens: " + tokens);
    Path shared = config("shared.yaml", "tokens: " + tokens);
    for (Path config : List.of(text, shared, shared)) { // the last of them finds all of it done
      sweep(config).succeeded();
    }
    assertThat(points("shared")).isEqualTo(points("of-text")).hasSize(1 + 4);
    assertThat(folder.resolve("shared/tokens")).isSymbolicLink();
    assertThat(folder.resolve("shared/sweep.yaml"))
        .content()
        .contains("  validation_fraction: 0.1", "  tokens: ", "  tokenizer: bytes");
  }

  @Test
  void saysOfWhatTheTokensWereMade() throws IOException {
    Path one = Files.writeString(folder.resolve("one.txt"), "a text of some words\n".repeat(4000));
    Path many = Files.createDirectories(folder.resolve("many"));
    for (int i = 0; i < 30; i++) {
      Files.writeString(many.resolve(i + ".md"), "Text number " + i + ".");
    }
    Path tokens = folder.resolve("tokens");

    tokenize(tokens, List.of(one.toString(), many.toString(), "--tokenizer", "gpt2")).succeeded();
    JsonNode manifest = new ObjectMapper().readTree(tokens.resolve("corpus.json").toFile());
    assertThat(manifest.at("/tokenizer").asText()).startsWith("gpt2");
    assertThat(manifest.at("/tokenizer_name").asText()).isEqualTo("gpt2");
    assertThat(manifest.at("/bytes_per_token").asInt()).isEqualTo(2);
    assertThat(manifest.at("/inputs/0/name").asText()).isEqualTo(one.toString());
    assertThat(manifest.at("/inputs/0/sha256").asText()).isEqualTo(sha256(Files.readAllBytes(one)));
    assertThat(manifest.at("/inputs/1/files").asInt()).isEqualTo(30);
  }

  /** As from nanoGPT's train.bin; here a store's own files, whose layout is the same. */
  @Test
  void takesTokensThatAreMadeAlready() throws IOException {
    List<String> gpt2 = List.of("--tokenizer", "gpt2", "--validation-fraction", "0.1");
    Path text = folder.resolve("text");
    tokenize(text, Stream.concat(Stream.of(PROSE), gpt2.stream()).toList());
    Path shards = folder.resolve("shards");
    Files.createDirectory(shards);
    for (String split : List.of("train-0.bin", "validation-0.bin")) {
      Files.copy(text.resolve(split), shards.resolve(split));
    }
    Path tokens = folder.resolve("tokens");
    CommandRun made =
        tokenize(tokens, Stream.concat(Stream.of(shards + "/*.bin"), gpt2.stream()).toList())
            .succeeded();
    assertThat(made.out()).doesNotContain("warning");
    JsonNode before = new ObjectMapper().readTree(text.resolve("corpus.json").toFile());
    JsonNode after = new ObjectMapper().readTree(tokens.resolve("corpus.json").toFile());
    for (String part :
        List.of("train", "validation", "statistics/hash", "statistics/train_bytes")) {
      assertThat(before.at("/" + part).isMissingNode()).as(part).isFalse();
      assertThat(after.at("/" + part)).isEqualTo(before.at("/" + part));
    }
    tokenize(folder.resolve("x"), List.of(shards + "/*.bin"))
        .refused(" ids looked at are not what bytes makes of the text they stand for");
    tokenize(folder.resolve("x"), List.of(shards.toString(), "--tokenizer", "gpt2"))
        .refused("if it has tokens, corpus.files or corpus.include must name *.bin or *.npy");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void holdsOutWhatItIsTold() throws IOException {
    Path first = folder.resolve("first");
    Path grown = folder.resolve("grown");
    tokenize(first, List.of(PROSE)).succeeded();

    tokenize(
            grown,
            List.of(
                PROSE,
                Files.writeString(folder.resolve("more.md"), "More text.").toString(),
                "--validation-as-in",
                "" + first))
        .succeeded();
    assertThat(grown.resolve("validation-0.bin"))
        .hasSameBinaryContentAs(first.resolve("validation-0.bin"));
    Path config = config("mine.yaml", "tokens: " + grown + ", validation_fraction: 0.1");
    sweep(config)
        .refused("mine.yaml:1: corpus.validation_fraction: is 0.1, but the tokens of " + grown);
    config("mine.yaml", "tokens: " + grown);
    assertThat(SweepConfig.read(config).corpus().validationAsIn()).isEqualTo("" + first);
    assertThat(SweepConfig.read(config).corpus().validationFraction()).isZero();
    String again = SweepConfig.read(config).toYaml();
    assertThat(again).contains("validation_as_in: ").doesNotContain("validation_fraction");
    assertThat(SweepConfig.read(Files.writeString(config, again)).toYaml()).isEqualTo(again);

    tokenize(
            folder.resolve("files"),
            List.of(PROSE, "--validation-files", PROSE + "/03.md," + PROSE + "/21.md"))
        .succeeded();
    JsonNode manifest = new ObjectMapper().readTree(folder.resolve("files/corpus.json").toFile());
    assertThat(manifest.at("/statistics/validation_documents").asInt()).isEqualTo(2);
    assertThat(manifest.at("/statistics/left_out")).isEmpty();
    tokenize(
            folder.resolve("x"),
            List.of(PROSE, "--validation-files", "a", "--validation-fraction", "0.1"))
        .refused(
            "validation_fraction is 0.1; validation_files or validation_as_in says what is held"
                + " out");
  }

  @Test
  void learnsATokenizerFromWhatIsNotHeldOut() throws IOException {
    Path tokens = folder.resolve("tokens");
    CommandRun made =
        tokenize(
                tokens,
                Stream.concat(PROSE_SPLIT.stream(), Stream.of("--train-bpe", "500")).toList())
            .succeeded();
    assertThat(made.out()).startsWith("learned  500 tokens from ").contains("2.", " bytes a token");
    JsonNode manifest = new ObjectMapper().readTree(tokens.resolve("corpus.json").toFile());
    assertThat(manifest.at("/vocabulary").asInt()).isEqualTo(500);
    assertThat(manifest.at("/tokenizer_name").asText())
        .isEqualTo(tokens.resolve("tokenizer.json").toString());
    assertThat(made.out())
        .contains(" from " + manifest.at("/statistics/train_documents").asInt() + " documents, ");
    showsItsLossesInBitsPerByte(tokens);
    tokenize(folder.resolve("x"), List.of(PROSE, "--train-bpe", "9"))
        .refused("a BPE vocabulary of 9 is too small");
    tokenize(folder.resolve("x"), List.of(PROSE, "--train-bpe", "500", "--tokenizer", "gpt2"))
        .refused("--train-bpe does not go with --tokenizer");
    Path one = Files.writeString(folder.resolve("one.md"), "A short text.");
    tokenize(folder.resolve("x"), List.of(one.toString(), "--train-bpe", "500"))
        .refused("has one document");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  private void showsItsLossesInBitsPerByte(Path tokens) throws IOException {
    CommandRun sweep = sweep(config("bpe.yaml", "tokens: " + tokens), "lines").succeeded();
    assertThat(sweep.out())
        .containsPattern(
            "done: .* tokens, loss [1-4]\\.\\d{4} bits per byte \\([3-7]\\.\\d{4} nats\\)");
    String swept = folder.resolve("bpe").toString();
    assertThat(CommandRun.of("status", swept).out())
        .containsPattern(" loss [1-4]\\.\\d{4} bits per byte \\([3-7]\\.\\d{4} nats\\)");
    String point = points("bpe").get(1);
    JsonNode jobs = new ObjectMapper().readTree(CommandRun.of("status", swept, "--json").out());
    JsonNode job =
        StreamSupport.stream(jobs.path("jobs").spliterator(), false)
            .filter(one -> point.startsWith(one.path("job").asText() + ","))
            .findFirst()
            .orElseThrow();
    assertThat(point).contains("," + job.path("loss").asDouble() + ",");
    double bits = Double.parseDouble(point.split(",", -1)[5]);
    assertThat(job.path("bits_per_byte").asDouble()).isCloseTo(bits, within(1e-12));
  }

  @Test
  void refusesWhatWouldLoseOrMixTokens() throws IOException {
    Path tokens = folder.resolve("tokens");
    tokenize(tokens, PROSE_SPLIT).succeeded();
    tokenize(tokens, PROSE_SPLIT).refused(tokens + ": holds tokens already");
    tokenize(tokens, List.of("absent", "--force")).refused("'absent' does not exist");
    Path config = config("mine.yaml", "tokens: " + tokens + ", tokenizer: gpt2");
    sweep(config)
        .refused(
            "mine.yaml:1: corpus.tokenizer: is \"gpt2\", but the tokens of "
                + tokens
                + " were made with \"bytes\"");
    config("mine.yaml", "tokens: absent");
    sweep(config).refused("mine.yaml:1: corpus.tokens: there is no absent/corpus.json");
    Files.writeString(tokens.resolve("corpus.json"), "{");
    config("mine.yaml", "tokens: " + tokens);
    sweep(config).refused("corpus.json is damaged");
    assertThat(folder.resolve("mine")).doesNotExist();
  }

  /** Writes the configuration of a tiny sweep, of its own text or of the corpus given. */
  private Path config(String name, String corpus) throws IOException {
    Path config =
        TinySweep.write(
            folder.resolve(name),
            "2e8",
            4,
            "training: {learning_rate: 0.02, batch_tokens: 128, control: none, seeds: 1}",
            "evaluation: {tokens: 4000}");
    String text = Files.readString(config);
    return corpus.isEmpty()
        ? config
        : Files.writeString(config, text.replaceFirst("corpus: .*", "corpus: {" + corpus + "}"));
  }

  private CommandRun tokenize(Path out, List<String> arguments) {
    return CommandRun.of(
        Stream.of(Stream.of("tokenize", "--out", out.toString()), arguments.stream())
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private CommandRun sweep(Path config) {
    return sweep(config, "none");
  }

  private CommandRun sweep(Path config, String progress) {
    String name = config.getFileName().toString().replace(".yaml", "");
    return CommandRun.of(
        TinySweep.command(config, folder.resolve(name), 1, "--progress", progress));
  }

  private List<String> points(String sweep) throws IOException {
    return PointsWithoutSeconds.of(folder.resolve(sweep + "/points.csv"));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
