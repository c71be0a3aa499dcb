package org.isoflop.harness.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.isoflop.models.TorchRuntime;

/**
 * {@code environment.json}: what a sweep ran on, so that somebody else could run it again. What an
 * earlier version did not say is empty, or 0. Nothing hangs on the file alone, as every job's
 * result names its text.
 *
 * @param tokenizer as the configuration names it
 * @param tokenizerIdentity of the tokenizer, see {@link
 *     org.isoflop.harness.data.tokenizers.Tokenizer#identity}
 * @param vocabulary tokens that the decoders tell apart
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Environment(
    String started,
    Optional<String> gitCommit,
    String java,
    String djl,
    String libtorch,
    String os,
    String architecture,
    int processors,
    String device,
    String precision,
    int threadsPerJob,
    long seed,
    String tokenizer,
    Optional<String> tokenizerIdentity,
    OptionalInt vocabulary,
    Corpus corpus) {

  private static final JsonSetter.Value EMPTY = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .withConfigOverride(String.class, texts -> texts.setSetterInfo(EMPTY))
          .withConfigOverride(Map.class, counts -> counts.setSetterInfo(EMPTY))
          .addModule(new Jdk8Module())
          .build();

  /**
   * The text, see {@link CorpusStatistics}.
   *
   * @param leftOut how many documents, by reason
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Corpus(
      String hash,
      Optional<String> validationHash,
      long documents,
      long trainDocuments,
      long validationDocuments,
      Map<String, Long> leftOut,
      long notUtf8,
      long trainTokens,
      long validationTokens,
      long trainBytes,
      long validationBytes,
      double unigramNatsPerByte,
      double bigramNatsPerByte) {}

  /** Returns what a sweep begins to run on here and now. */
  static Environment of(
      SweepConfig config, CorpusStatistics corpus, SweepText text, String device) {
    return new Environment(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        commitHere(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        TorchRuntime.djlVersion(),
        TorchRuntime.version(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        device,
        config.training().precision().decided().name().toLowerCase(Locale.ROOT),
        TorchRuntime.threads(),
        config.training().seed(),
        config.corpus().tokenizer(),
        Optional.of(text.tokenizerIdentity()),
        OptionalInt.of(text.vocabulary()),
        new Corpus(
            corpus.hash(),
            Optional.of(corpus.validationHash()),
            corpus.documents(),
            corpus.trainDocuments(),
            corpus.validationDocuments(),
            corpus.leftOut().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        left -> left.getKey().name().toLowerCase(Locale.ROOT),
                        Map.Entry::getValue,
                        Long::sum,
                        LinkedHashMap::new)),
            corpus.notUtf8(),
            corpus.trainTokens(),
            corpus.validationTokens(),
            corpus.trainBytes(),
            corpus.validationBytes(),
            corpus.unigramNats(),
            corpus.bigramNats()));
  }

  /** Writes the file, whole or not at all. */
  void write(Path file) {
    try {
      String json = JSON.writeValueAsString(this);
      AtomicFiles.writeText(file, out -> out.write(json + "\n"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an environment that cannot be written", e);
    }
  }

  /**
   * Returns what a sweep runs on, with at least its precision, the hash of its text and its
   * training tokens; empty where it has not begun.
   *
   * @throws BadInputException where the file is damaged
   */
  public static Optional<Environment> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Environment found = JSON.readValue(Files.readString(file), Environment.class);
      if (found != null
          && !found.precision.isEmpty()
          && found.corpus != null
          && !found.corpus.hash.isEmpty()
          && found.corpus.trainTokens > 0) {
        return Optional.of(found);
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
    return read(file).stream().mapToLong(found -> found.corpus().trainTokens()).findFirst();
  }

  /**
   * Returns what turns the sweep's losses into bits per byte; empty where its tokens are bytes, or
   * an earlier version did not say.
   */
  Optional<BitsPerByte> bitsPerByte() {
    return Optional.of(corpus)
        .filter(text -> text.validationBytes() > 0)
        .flatMap(
            text ->
                BitsPerByte.perNat(
                    BitsPerByte.of(1, (double) text.validationTokens() / text.validationBytes())));
  }

  /**
   * Returns how many tokens the decoders of a sweep tell apart: as it was when it began, or of the
   * tokenizer that its configuration names.
   *
   * @throws BadInputException where the file is damaged, or there is neither it nor the tokenizer
   */
  public static int vocabulary(Path file, SweepConfig config) {
    return read(file).stream()
        .flatMapToInt(found -> found.vocabulary().stream())
        .findFirst()
        .orElseGet(() -> Tokenizers.named(config.corpus().tokenizer()).vocabulary());
  }

  /** Asks git for the commit of the working directory; empty outside a repository. */
  private static Optional<String> commitHere() {
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
