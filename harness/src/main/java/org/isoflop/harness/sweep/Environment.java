package org.isoflop.harness.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.isoflop.models.TorchRuntime;

/** {@code environment.json}: what a sweep ran on, so that somebody else could run it again. */
public final class Environment {

  private static final String TOKENIZER_IDENTITY = "tokenizer_identity";
  private static final String VOCABULARY = "vocabulary";

  private Environment() {}

  /** Writes the file, unless an earlier run of the same sweep has. */
  static void write(
      Path file,
      SweepConfig config,
      CorpusStatistics corpus,
      SweepText swept,
      String device,
      String precision) {
    if (Files.exists(file)) {
      return;
    }
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    gitCommit().ifPresent(commit -> json.put("git_commit", commit));
    json.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    json.put("djl", TorchRuntime.djlVersion());
    json.put("libtorch", TorchRuntime.version());
    json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    json.put("architecture", System.getProperty("os.arch"));
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("device", device);
    json.put("precision", precision);
    json.put("threads_per_job", TorchRuntime.threads());
    json.put("seed", config.training().seed());
    json.put("tokenizer", config.corpus().tokenizer());
    json.put(TOKENIZER_IDENTITY, swept.tokenizerIdentity());
    json.put(VOCABULARY, swept.vocabulary());
    ObjectNode text = json.putObject("corpus");
    text.put("hash", corpus.hash());
    text.put("validation_hash", corpus.validationHash());
    text.put("documents", corpus.documents());
    text.put("train_documents", corpus.trainDocuments());
    text.put("validation_documents", corpus.validationDocuments());
    ObjectNode leftOut = text.putObject("left_out");
    corpus
        .leftOut()
        .forEach((reason, count) -> leftOut.put(reason.name().toLowerCase(Locale.ROOT), count));
    text.put("not_utf8", corpus.notUtf8());
    text.put("train_tokens", corpus.trainTokens());
    text.put("validation_tokens", corpus.validationTokens());
    text.put("train_bytes", corpus.trainBytes());
    text.put("validation_bytes", corpus.validationBytes());
    text.put("unigram_nats_per_byte", corpus.unigramNats());
    text.put("bigram_nats_per_byte", corpus.bigramNats());
    AtomicFiles.writeText(file, out -> out.write(json.toPrettyString() + "\n"));
  }

  /**
   * Returns what a sweep runs on, with at least its precision, the hash of its text and its
   * training tokens; empty where it has not begun. Nothing hangs on the file alone, as every job's
   * result names its text.
   *
   * @throws BadInputException where the file is damaged
   */
  public static Optional<JsonNode> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = new ObjectMapper().readTree(Files.readString(file));
      if (json.path("precision").isTextual()
          && json.at("/corpus/hash").isTextual()
          && json.at("/corpus/train_tokens").isIntegralNumber()) {
        return Optional.of(json);
      }
    } catch (IOException e) {
      // Not JSON: cut off, most likely.
    }
    throw BadInputException.of(
        "%s: is damaged, it does not say what this sweep runs on; delete it, and the sweep command"
            + " writes it again",
        file);
  }

  /**
   * Returns the tokens of the train split of a sweep's text; empty where it has not begun.
   *
   * @throws BadInputException where the file is damaged
   */
  public static OptionalLong trainTokens(Path file) {
    return read(file).stream()
        .mapToLong(json -> json.at("/corpus/train_tokens").longValue())
        .findFirst();
  }

  /**
   * Returns what turns a sweep's losses into bits per byte; empty where its tokens are bytes, it
   * has not begun, or did with an earlier version, which did not say.
   *
   * @throws BadInputException where the file is damaged
   */
  static Optional<BitsPerByte> bitsPerByte(Path file) {
    return read(file)
        .map(json -> json.path("corpus"))
        .filter(text -> text.path("validation_bytes").asLong() > 0)
        .flatMap(
            text ->
                BitsPerByte.perNat(
                    BitsPerByte.of(
                        1,
                        text.path("validation_tokens").doubleValue()
                            / text.path("validation_bytes").doubleValue())));
  }

  /** Returns the hash of the text that a sweep has trained on; empty where it has not begun. */
  static Optional<String> corpusHash(Path file) {
    return read(file).map(json -> json.at("/corpus/hash").asText());
  }

  /** Returns the hash of what a sweep holds out, where the file says it. */
  static Optional<String> validationHash(Path file) {
    return read(file)
        .map(json -> json.at("/corpus/validation_hash"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }

  /**
   * Returns the identity of the tokenizer that a sweep has trained with, where the file says it.
   */
  static Optional<String> tokenizer(Path file) {
    return read(file)
        .map(json -> json.path(TOKENIZER_IDENTITY))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }

  /**
   * Returns how many tokens the decoders of a sweep tell apart: as it was when it began, or of the
   * tokenizer that its configuration names.
   *
   * @throws BadInputException where the file is damaged, or there is neither it nor the tokenizer
   */
  public static int vocabulary(Path file, SweepConfig config) {
    return read(file)
        .map(json -> json.path(VOCABULARY))
        .filter(JsonNode::isInt)
        .map(JsonNode::intValue)
        .orElseGet(() -> Tokenizers.named(config.corpus().tokenizer()).vocabulary());
  }

  /** Asks git for the commit of the working directory; empty outside a repository. */
  private static Optional<String> gitCommit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=40")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = git.waitFor(5, TimeUnit.SECONDS);
      return ended && git.exitValue() == 0 ? Optional.of(commit.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no git here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
