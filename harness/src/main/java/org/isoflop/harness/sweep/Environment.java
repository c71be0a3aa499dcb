package org.isoflop.harness.sweep;

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
import java.util.concurrent.TimeUnit;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.models.TorchRuntime;

/** {@code environment.json}: what a sweep ran on, so that somebody else could run it again. */
final class Environment {

  private Environment() {}

  /** Writes the file, unless an earlier run of the same sweep has. */
  static void write(
      Path file, SweepConfig config, CorpusStatistics corpus, String device, String precision) {
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
    ObjectNode text = json.putObject("corpus");
    text.put("hash", corpus.hash());
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
    text.put("unigram_nats_per_byte", corpus.unigramNats());
    text.put("bigram_nats_per_byte", corpus.bigramNats());
    AtomicFiles.writeText(file, out -> out.write(json.toPrettyString() + "\n"));
  }

  /**
   * Returns the hash of the corpus that a sweep has trained on; empty where it has not begun.
   *
   * @throws BadInputException where the file is damaged
   */
  static Optional<String> corpusHash(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String hash;
    try {
      hash = new ObjectMapper().readTree(Files.readString(file)).at("/corpus/hash").asText();
    } catch (IOException e) {
      hash = "";
    }
    if (hash.isEmpty()) {
      throw BadInputException.of(
          "%s: does not say which corpus this sweep has trained on; put back the file it was, or"
              + " delete the sweep's folder",
          file);
    }
    return Optional.of(hash);
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
