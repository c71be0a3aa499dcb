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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoflop tokenize}, and sweeps that name what it made. */
final class TokenizeCommandTest {

  private static final List<String> OWN_TEXT =
      List.of("src/main/java", "--include", "**/*.java", "--validation-fraction", "0.1");

  @TempDir private Path folder;

  @Test
  void sweepsOfTextAndOfItsTokensHaveTheSamePoints() throws IOException {
    Path tokens = folder.resolve("tokens");
    CommandRun made = tokenize(tokens, OWN_TEXT);
    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    assertThat(made.out())
        .contains("1.0", " bytes a token; ", "a sweep takes them by corpus: {tokens: " + tokens);
    String yaml = TinySweep.yaml("1e8, 2e8, 4e8", 4, "training: {control: none, seeds: 1}");
    Path text = Files.writeString(folder.resolve("text.yaml"), yaml);
    Path shared =
        Files.writeString(
            folder.resolve("shared.yaml"),
            yaml.replaceFirst("corpus: .*", "corpus: {tokens: " + tokens + "}"));
    for (Path config : List.of(text, shared, shared)) { // the last of them finds all of it done
      CommandRun sweep = sweep(config);
      assertThat(sweep.exitCode()).as(sweep.err()).isZero();
    }
    assertThat(points("shared")).isEqualTo(points("text")).hasSizeGreaterThan(9);
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
    CommandRun made =
        tokenize(tokens, List.of(one.toString(), many.toString(), "--tokenizer", "gpt2"));
    assertThat(made.exitCode()).as(made.err()).isZero();
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
    tokenize(text, Stream.concat(Stream.of("src/main/java"), gpt2.stream()).toList());
    Path shards = folder.resolve("shards");
    Files.createDirectory(shards);
    for (String split : List.of("train-0.bin", "validation-0.bin")) {
      Files.copy(text.resolve(split), shards.resolve(split));
    }
    Path tokens = folder.resolve("tokens");
    CommandRun made =
        tokenize(tokens, Stream.concat(Stream.of(shards + "/*.bin"), gpt2.stream()).toList());
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(made.out()).doesNotContain("warning");
    JsonNode before = new ObjectMapper().readTree(text.resolve("corpus.json").toFile());
    JsonNode after = new ObjectMapper().readTree(tokens.resolve("corpus.json").toFile());
    for (String part :
        List.of("train", "validation", "statistics/hash", "statistics/train_bytes")) {
      assertThat(before.at("/" + part).isMissingNode()).as(part).isFalse();
      assertThat(after.at("/" + part)).isEqualTo(before.at("/" + part));
    }
    assertRefused(
        tokenize(folder.resolve("x"), List.of(shards + "/*.bin")),
        " ids looked at are not what bytes makes of the text they stand for");
    assertRefused(
        tokenize(folder.resolve("x"), List.of(shards.toString(), "--tokenizer", "gpt2")),
        "if it has tokens, corpus.files or corpus.include must name *.bin or *.npy");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void holdsOutWhatItIsTold() throws IOException {
    Path first = folder.resolve("first");
    Path grown = folder.resolve("grown");
    String data = "src/main/java/org/isoflop/harness/data";
    assertThat(tokenize(first, List.of(data)).exitCode()).isZero();
    CommandRun made =
        tokenize(
            grown,
            List.of(
                data, "src/main/java/org/isoflop/harness/plan", "--validation-as-in", "" + first));
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(grown.resolve("validation-0.bin"))
        .hasSameBinaryContentAs(first.resolve("validation-0.bin"));
    Path config = folder.resolve("mine.yaml");
    String rest = TinySweep.yaml("1e8, 2e8, 4e8", 4).replaceFirst("corpus: .*\n", "");
    Files.writeString(config, "corpus: {tokens: " + grown + ", validation_fraction: 0.1}\n" + rest);
    assertRefused(
        sweep(config),
        "mine.yaml:1: corpus.validation_fraction: is 0.1, but the tokens of " + grown);
    Files.writeString(config, "corpus: {tokens: " + grown + "}\n" + rest);
    assertThat(SweepConfig.read(config).corpus().validationAsIn()).isEqualTo("" + first);
    assertThat(SweepConfig.read(config).corpus().validationFraction()).isZero();
    String again = SweepConfig.read(config).toYaml();
    assertThat(again).contains("validation_as_in: ").doesNotContain("validation_fraction");
    assertThat(SweepConfig.read(Files.writeString(config, again)).toYaml()).isEqualTo(again);

    CommandRun files =
        tokenize(
            folder.resolve("files"),
            List.of(data, "--validation-files", data + "/Tokens.java," + data + "/Windows.java"));
    assertThat(files.exitCode()).as(files.err()).isZero();
    JsonNode manifest = new ObjectMapper().readTree(folder.resolve("files/corpus.json").toFile());
    assertThat(manifest.at("/statistics/validation_documents").asInt()).isEqualTo(2);
    assertThat(manifest.at("/statistics/left_out")).isEmpty();
    assertRefused(
        tokenize(
            folder.resolve("x"),
            List.of(data, "--validation-files", "a", "--validation-fraction", "0.1")),
        "validation_fraction is 0.1; validation_files or validation_as_in says what is held out");
  }

  @Test
  void learnsATokenizerFromWhatIsNotHeldOut() throws IOException {
    Path tokens = folder.resolve("tokens");
    CommandRun made =
        tokenize(
            tokens, Stream.concat(OWN_TEXT.stream(), Stream.of("--train-bpe", "500")).toList());
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(made.out()).startsWith("learned  500 tokens from ").contains("2.", " bytes a token");
    JsonNode manifest = new ObjectMapper().readTree(tokens.resolve("corpus.json").toFile());
    assertThat(manifest.at("/vocabulary").asInt()).isEqualTo(500);
    assertThat(manifest.at("/tokenizer_name").asText())
        .isEqualTo(tokens.resolve("tokenizer.json").toString());
    assertThat(made.out())
        .contains(" from " + manifest.at("/statistics/train_documents").asInt() + " documents, ");
    showsItsLossesInBitsPerByte(tokens);
    assertRefused(
        tokenize(folder.resolve("x"), List.of("src", "--train-bpe", "9")),
        "a BPE vocabulary of 9 is too small");
    assertRefused(
        tokenize(folder.resolve("x"), List.of("src", "--train-bpe", "500", "--tokenizer", "gpt2")),
        "--train-bpe does not go with --tokenizer");
    Path one = Files.writeString(folder.resolve("one.md"), "A short text.");
    assertRefused(
        tokenize(folder.resolve("x"), List.of(one.toString(), "--train-bpe", "500")),
        "has one document");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  private void showsItsLossesInBitsPerByte(Path tokens) throws IOException {
    Path config = folder.resolve("bpe.yaml");
    String yaml = TinySweep.yaml("1e8, 2e8", 4, "training: {control: none, seeds: 1}");
    Files.writeString(config, yaml.replaceFirst("corpus: .*", "corpus: {tokens: " + tokens + "}"));
    CommandRun sweep = sweep(config, "lines");
    assertThat(sweep.exitCode()).as(sweep.err()).isZero();
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
    assertThat(tokenize(tokens, OWN_TEXT).exitCode()).isZero();
    assertRefused(tokenize(tokens, OWN_TEXT), tokens + ": holds tokens already");
    assertRefused(tokenize(tokens, List.of("absent", "--force")), "'absent' does not exist");
    Path config = folder.resolve("mine.yaml");
    String rest = TinySweep.yaml("1e8, 2e8, 4e8", 4).replaceFirst("corpus: .*\n", "");
    Files.writeString(config, "corpus: {tokens: " + tokens + ", tokenizer: gpt2}\n" + rest);
    assertRefused(
        sweep(config),
        "mine.yaml:1: corpus.tokenizer: is \"gpt2\", but the tokens of "
            + tokens
            + " were made with \"bytes\"");
    Files.writeString(config, "corpus: {tokens: absent}\n" + rest);
    assertRefused(sweep(config), "mine.yaml:1: corpus.tokens: there is no absent/corpus.json");
    Files.writeString(tokens.resolve("corpus.json"), "{");
    Files.writeString(config, "corpus: {tokens: " + tokens + "}\n" + rest);
    assertRefused(sweep(config), "corpus.json is damaged");
    assertThat(folder.resolve("mine")).doesNotExist();
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
        "sweep",
        config.toString(),
        "--out",
        folder.resolve(name).toString(),
        "--device",
        "cpu",
        "--slots",
        "1",
        "--progress",
        progress);
  }

  /** The points but for when and where they were trained. */
  private List<String> points(String sweep) throws IOException {
    return Files.readAllLines(folder.resolve(sweep + "/points.csv")).stream()
        .map(line -> line.replaceAll("(float32),[^,]*,[^,]*,", "$1,"))
        .toList();
  }

  private static void assertRefused(CommandRun run, String message) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).hasLineCount(1).contains(message);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
