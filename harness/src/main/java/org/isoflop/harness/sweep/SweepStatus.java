package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.train.JobFolder;
import org.isoflop.harness.train.JobProgress;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.Status;

/**
 * What a sweep's folder says of its jobs, read from its files alone, while it runs or after.
 *
 * @param running whether a process is running the sweep now
 * @param jobs in the plan's order
 */
public record SweepStatus(boolean running, List<JobStatus> jobs) {

  /** Where a job stands. */
  public enum State {
    /** Has its result. */
    DONE,
    /** Was stopped because its loss was not finite. */
    DIVERGED,
    /** Could not be trained; the same sweep command tries it again. */
    FAILED,
    /** Being trained now. */
    RUNNING,
    /** Was being trained when its sweep stopped. */
    STOPPED,
    /** Not yet begun. */
    LEFT
  }

  /**
   * One job.
   *
   * @param id the job's id
   * @param state where it stands
   * @param steps it will take
   * @param step steps logged so far
   * @param loss last training loss, nats per token; of a job that is done, its validation loss
   * @param expectedSeconds the plan's forecast
   * @param remark what went wrong, where something did
   */
  public record JobStatus(
      String id,
      State state,
      long steps,
      long step,
      Optional<Double> loss,
      double expectedSeconds,
      Optional<String> remark) {}

  /** Copies the list. */
  public SweepStatus {
    jobs = List.copyOf(jobs);
  }

  /**
   * Reads a sweep's folder.
   *
   * @throws BadInputException if there is no sweep
   */
  public static SweepStatus read(SweepFolder folder) {
    if (!Files.isDirectory(folder.path())) {
      throw BadInputException.of("%s: no such folder", folder.path());
    }
    if (!folder.exists() || !Files.exists(folder.plan())) {
      throw BadInputException.of(
          "%s: is not the folder of a sweep (no sweep.yaml and plan.csv)", folder.path());
    }
    boolean running = folder.isLocked();
    List<JobStatus> jobs = new ArrayList<>();
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(folder.plan());
        CSVParser rows = format.parse(reader)) {
      for (CSVRecord row : rows) {
        jobs.add(job(folder, running, row));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw BadInputException.of("%s: cannot be read (%s)", folder.plan(), e.getMessage());
    }
    return new SweepStatus(running, jobs);
  }

  /** Returns how many jobs are in a state. */
  public long count(State state) {
    return jobs.stream().filter(job -> job.state() == state).count();
  }

  /** Returns the forecast time of what is left to train, on one slot. */
  public Duration left() {
    double seconds =
        jobs.stream()
            .filter(job -> job.state() != State.DONE && job.state() != State.DIVERGED)
            .mapToDouble(job -> job.expectedSeconds() * (1 - (double) job.step() / job.steps()))
            .sum();
    return Duration.ofMillis(Math.round(1000 * seconds));
  }

  private static JobStatus job(SweepFolder folder, boolean running, CSVRecord row) {
    String id = row.get("job");
    long steps = Long.parseLong(row.get("steps"));
    double seconds = Double.parseDouble(row.get("seconds"));
    JobFolder files = folder.job(id);
    Optional<JobResult> result = JobResult.read(files);
    if (result.isPresent()) {
      boolean done = result.get().status() == Status.DONE;
      return new JobStatus(
          id,
          done ? State.DONE : State.DIVERGED,
          steps,
          result.get().step(),
          result.get().horizons().stream().map(horizon -> horizon.loss()).findFirst(),
          seconds,
          done ? Optional.empty() : Optional.of("stopped at step " + result.get().step()));
    }
    JobProgress progress = JobProgress.read(files);
    Optional<String> failure = firstLine(folder.failure(id));
    State state =
        failure.isPresent()
            ? State.FAILED
            : !progress.begun() ? State.LEFT : running ? State.RUNNING : State.STOPPED;
    return new JobStatus(id, state, steps, progress.step(), progress.loss(), seconds, failure);
  }

  private static Optional<String> firstLine(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file).stream().findFirst() : Optional.empty();
    } catch (IOException e) {
      return Optional.of("its reason cannot be read: " + e.getMessage());
    }
  }
}
