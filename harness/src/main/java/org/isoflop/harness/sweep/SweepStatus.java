package org.isoflop.harness.sweep;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
import org.isoflop.harness.train.JobResult.HorizonResult;
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
    /** Its loss is no measure of its size. */
    DIVERGED,
    /** Could not be trained, or has a damaged file: its remark says what to do. */
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
      throw BadInputException.of(
          "%s: there is no such folder, name the folder of a sweep", folder.path());
    }
    if (!folder.exists() || !Files.exists(folder.plan())) {
      throw BadInputException.of(
          "%s: is not the folder of a sweep, which has a sweep.yaml and a plan.csv", folder.path());
    }
    boolean running = folder.isLocked();
    return new SweepStatus(
        running, planned(folder).stream().map(job -> status(folder, running, job)).toList());
  }

  /** What the plan says of a job. */
  private record Planned(String id, long steps, double seconds) {}

  private static List<Planned> planned(SweepFolder folder) {
    List<Planned> jobs = new ArrayList<>();
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(folder.plan());
        CSVParser rows = format.parse(reader)) {
      for (CSVRecord row : rows) {
        jobs.add(
            new Planned(
                row.get("job"),
                Long.parseLong(row.get("steps")),
                Double.parseDouble(row.get("seconds"))));
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); delete it, and the sweep command writes it again",
          folder.plan(), e.getMessage());
    }
    return jobs;
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

  private static JobStatus status(SweepFolder folder, boolean running, Planned job) {
    try {
      return readStatus(folder, running, job);
    } catch (BadInputException e) {
      return new JobStatus(
          job.id(),
          State.FAILED,
          job.steps(),
          0,
          Optional.empty(),
          job.seconds(),
          Optional.of(e.getMessage()));
    }
  }

  private static JobStatus readStatus(SweepFolder folder, boolean running, Planned job) {
    String id = job.id();
    JobFolder files = folder.job(id);
    Optional<JobResult> result = JobResult.read(files);
    if (result.isPresent()) {
      boolean done = result.get().status() == Status.DONE;
      return new JobStatus(
          id,
          done ? State.DONE : State.DIVERGED,
          job.steps(),
          result.get().step(),
          result.get().horizon().map(HorizonResult::loss),
          job.seconds(),
          remark(result.get()));
    }
    JobProgress progress = JobProgress.read(files);
    Optional<String> failure = firstLine(folder.failure(id));
    State state =
        failure.isPresent()
            ? State.FAILED
            : !progress.begun() ? State.LEFT : running ? State.RUNNING : State.STOPPED;
    return new JobStatus(
        id, state, job.steps(), progress.step(), progress.loss(), job.seconds(), failure);
  }

  private static Optional<String> remark(JobResult result) {
    if (result.status() == Status.DIVERGED) {
      return Optional.of(result.reason());
    }
    return result.spikes() == 0
        ? Optional.empty()
        : Optional.of("loss spikes that came back: " + result.spikes());
  }

  private static Optional<String> firstLine(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (BufferedReader reader =
        new BufferedReader(
            // What is not UTF-8 in a message from libtorch or the system is no reason to stop.
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      return Optional.of(line == null ? "it is not known why" : line);
    } catch (IOException e) {
      return Optional.of("its reason cannot be read: " + e);
    }
  }
}
