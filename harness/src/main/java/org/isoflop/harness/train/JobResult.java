package org.isoflop.harness.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.SealedJson;

/**
 * How a job ended: {@code result.json}.
 *
 * @param job the job's id
 * @param identity what its numbers come from, {@link Conditions#identity}
 * @param status done, or diverged
 * @param reason why it diverged, in words; empty where it is done
 * @param startStep steps that the state had behind it which the job began with: 0 with initial
 *     weights, an ancestor's last step with its end state
 * @param step steps trained, counted from the initial weights
 * @param spikes how often its training loss rose and came back, see {@link Divergence}
 * @param seconds spent training, over all its runs
 * @param device where it was trained
 * @param precision of its forward and backward passes
 * @param horizon what was reached; empty where it diverged, and where the job has no horizon
 */
public record JobResult(
    String job,
    String identity,
    Status status,
    String reason,
    long startStep,
    long step,
    int spikes,
    double seconds,
    String device,
    String precision,
    Optional<HorizonResult> horizon) {

  /** How a job ended. */
  public enum Status {
    /** Its last step was reached, and its horizon evaluated where it has one. */
    @JsonProperty("done")
    DONE,
    /**
     * A loss or a gradient was not finite, and the job was stopped there; or it came to its end
     * with a loss that is no measure of its size, see {@link Divergence}.
     */
    @JsonProperty("diverged")
    DIVERGED
  }

  /**
   * The losses at a horizon that was reached.
   *
   * @param loss validation loss, nats per token
   * @param bitsPerByte the same in bits per byte of text
   */
  public record HorizonResult(double loss, double bitsPerByte) {

    /** Refuses losses that are none, with {@link IllegalArgumentException}. */
    public HorizonResult {
      check(loss >= 0 && Double.isFinite(loss), "has a loss of " + loss);
      check(
          bitsPerByte >= 0 && Double.isFinite(bitsPerByte),
          "has " + bitsPerByte + " bits per byte");
    }
  }

  /** Refuses what no job can end with, with {@link IllegalArgumentException}. */
  public JobResult {
    check(!identity.isEmpty(), "has no identity");
    check(startStep >= 0 && step >= startStep, "goes from step " + startStep + " to " + step);
    check(seconds >= 0 && Double.isFinite(seconds), "took " + seconds + " seconds");
    check(
        horizon.isEmpty() || status == Status.DONE,
        "is " + status.name().toLowerCase(Locale.ROOT) + " with a loss");
  }

  private static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("it " + problem);
    }
  }

  /** Writes the result, whole or not at all. */
  public void write(Path file) {
    SealedJson.write(file, this);
  }

  /**
   * Reads the result in a job's folder, whatever sweep it is of; empty where the job has not ended.
   *
   * @throws BadInputException if it is damaged or of a job with another id; says what to delete
   */
  public static Optional<JobResult> read(JobFolder folder) {
    if (!Files.exists(folder.result())) {
      return Optional.empty();
    }
    JobResult result;
    try {
      result = SealedJson.read(folder.result(), JobResult.class, "result");
    } catch (IOException e) {
      throw unusable(folder, e.getMessage());
    }
    if (!folder.path().getFileName().toString().equals(result.job())) {
      throw unusable(folder, "it is of the job " + result.job());
    }
    return Optional.of(result);
  }

  /**
   * Reads the result of one job; empty where the job has not ended.
   *
   * @param identity of the job, {@link Conditions#identity}
   * @throws BadInputException if it is damaged or of another job; says what to delete
   */
  public static Optional<JobResult> read(JobFolder folder, String identity) {
    Optional<JobResult> result = read(folder);
    if (result.isPresent() && !result.get().identity().equals(identity)) {
      throw unusable(
          folder,
          "it is of a job that was trained on another text or with other settings, or by another"
              + " version");
    }
    return result;
  }

  private static BadInputException unusable(JobFolder folder, String found) {
    return BadInputException.of(
        "%s: cannot be used (%s); delete %s, and the sweep command trains that job again",
        folder.result(), found, folder.path());
  }
}
