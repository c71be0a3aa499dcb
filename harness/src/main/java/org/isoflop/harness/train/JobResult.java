package org.isoflop.harness.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.AtomicFiles;

/**
 * How a job ended: {@code result.json}.
 *
 * @param job the job's id
 * @param status done, or diverged
 * @param step steps trained
 * @param seconds spent training, over all its runs
 * @param device where it was trained
 * @param precision of its forward and backward passes
 * @param horizons what was reached, in order; empty where it diverged
 */
public record JobResult(
    String job,
    Status status,
    long step,
    double seconds,
    String device,
    String precision,
    List<HorizonResult> horizons) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /** How a job ended. */
  public enum Status {
    /** Every horizon was reached and evaluated. */
    @JsonProperty("done")
    DONE,
    /** A loss or a gradient was not finite; the job was stopped there. */
    @JsonProperty("diverged")
    DIVERGED
  }

  /**
   * One horizon that was reached.
   *
   * @param budget FLOPs it belongs to
   * @param loss validation loss, nats per token
   * @param bitsPerByte the same in bits per byte of text
   */
  public record HorizonResult(double budget, double loss, double bitsPerByte) {}

  /** Copies the list. */
  public JobResult {
    horizons = List.copyOf(horizons);
  }

  /** Writes the result, whole or not at all. */
  void write(Path file) {
    try {
      String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
      AtomicFiles.writeText(file, out -> out.write(json + "\n"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result that JSON cannot hold: " + this, e);
    }
  }

  /**
   * Reads a job's result; empty where the job is not done.
   *
   * @throws UncheckedIOException if there is one that cannot be read
   */
  public static Optional<JobResult> read(JobFolder folder) {
    if (!Files.exists(folder.result())) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(folder.result().toFile(), JobResult.class));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder.result() + ": " + e.getMessage(), e);
    }
  }
}
