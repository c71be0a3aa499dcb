package org.isoflop.harness.sweep;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.isoflop.harness.train.Conditions;
import org.isoflop.harness.train.JobFolder;
import org.isoflop.harness.train.JobProgress;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;

/**
 * What a sweep's folder says of its jobs, read from its files alone, while it runs or after.
 *
 * @param running whether the sweep command or a worker is at it now
 * @param jobs in the plan's order
 * @param left when it will end; of a sweep that is not running, once it goes on
 * @param bitsPerByte what its losses come to, where its tokens are not bytes
 */
public record SweepStatus(
    boolean running, List<JobStatus> jobs, TimeLeft left, Optional<BitsPerByte> bitsPerByte) {

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
    /** Was being trained when its worker stopped. */
    STOPPED,
    /** Not yet begun. */
    LEFT
  }

  /**
   * One job.
   *
   * @param planned the job, with the plan's forecast
   * @param state where it stands
   * @param step last step logged so far
   * @param loss last training loss, nats per token; of a job that is done, its validation loss
   * @param tokensPerSecond as last logged; of a job that is done, over all its training
   * @param remark what went wrong, where something did
   */
  public record JobStatus(
      PlannedJob planned,
      State state,
      long step,
      Optional<Double> loss,
      Optional<Double> tokensPerSecond,
      Optional<String> remark) {

    /** One of which nothing but its remark can be told. */
    private JobStatus(PlannedJob planned, State state, String remark) {
      this(planned, state, 0, Optional.empty(), Optional.empty(), Optional.of(remark));
    }

    /** Returns the job itself. */
    public Job job() {
      return planned.job();
    }

    /** Returns the job's id. */
    public String id() {
      return job().id();
    }

    /** Returns how much of the job's own steps is left, from 0 to 1. */
    double left() {
      return 1 - job().fraction(step);
    }

    /** Returns whether the job has its result, for better or worse. */
    public boolean ended() {
      return state == State.DONE || state == State.DIVERGED;
    }
  }

  /** Copies the list. */
  public SweepStatus {
    jobs = List.copyOf(jobs);
  }

  /**
   * Reads a sweep's folder.
   *
   * @throws BadInputException if there is no sweep, or its plan is damaged
   */
  public static SweepStatus read(SweepFolder folder) {
    return of(folder, WorkerPlan.read(folder));
  }

  /** Reads how the jobs of its plan stand. */
  public static SweepStatus of(SweepFolder folder, WorkerPlan plan) {
    return of(folder, plan, Optional.empty());
  }

  /**
   * The same.
   *
   * @param before an earlier status of the same plan; what had ended then is not read again
   */
  static SweepStatus of(SweepFolder folder, WorkerPlan plan, Optional<SweepStatus> before) {
    List<JobStatus> jobs = new ArrayList<>();
    for (int i = 0; i < plan.jobs().size(); i++) {
      PlannedJob job = plan.jobs().get(i);
      int index = i;
      jobs.add(
          before
              .map(earlier -> earlier.jobs().get(index))
              .filter(JobStatus::ended)
              .orElseGet(() -> status(folder, plan.conditions(), job)));
    }
    boolean swept = folder.isLocked();
    int running = (int) jobs.stream().filter(job -> job.state() == State.RUNNING).count();
    // Without the sweep command there are no workers but those that are seen at a job.
    int workers = swept || running == 0 ? Math.max(plan.workers(), running) : running;
    return new SweepStatus(
        swept || running > 0,
        jobs,
        TimeLeft.of(jobs, swept || running > 0, workers),
        before.map(SweepStatus::bitsPerByte).orElseGet(() -> bitsPerByte(folder)));
  }

  private static Optional<BitsPerByte> bitsPerByte(SweepFolder folder) {
    try {
      return Environment.read(folder.environment()).flatMap(Environment::bitsPerByte);
    } catch (BadInputException e) {
      return Optional.empty(); // damaged: said where it matters
    }
  }

  /** Returns how many jobs are in a state. */
  public long count(State state) {
    return jobs.stream().filter(job -> job.state() == state).count();
  }

  /** Returns the share of the sweep that is done, by the forecast, from 0 to 1. */
  public double fraction() {
    double all = jobs.stream().mapToDouble(job -> job.planned().seconds()).sum();
    double left =
        jobs.stream()
            .filter(job -> !job.ended())
            .mapToDouble(job -> job.planned().seconds() * job.left())
            .sum();
    return 1 - left / all;
  }

  private static JobStatus status(SweepFolder folder, Conditions conditions, PlannedJob planned) {
    Job job = planned.job();
    JobFolder files = folder.job(job.id());
    if (Files.exists(files.path()) && !Files.isDirectory(files.path())) {
      return new JobStatus(
          planned, State.FAILED, files.path() + ": is a file where the job's folder must be");
    }
    try {
      Optional<JobResult> result = JobResult.read(files, conditions.identity(job));
      if (result.isPresent()) {
        return ended(planned, result.get());
      }
    } catch (BadInputException e) {
      return new JobStatus(planned, State.FAILED, e.getMessage());
    }
    boolean claimed = isClaimed(folder, job);
    Optional<String> failure = claimed ? Optional.empty() : firstLine(folder.failure(job.id()));
    try {
      JobProgress progress = JobProgress.read(files);
      State state =
          failure.isPresent()
              ? State.FAILED
              : claimed ? State.RUNNING : progress.begun() ? State.STOPPED : State.LEFT;
      return new JobStatus(
          planned,
          state,
          progress.step(),
          progress.loss(),
          progress.tokensPerSecond().filter(speed -> speed > 0), // rounded, as it is logged
          failure);
    } catch (BadInputException e) {
      // Whether that matters is for the trainer to say, which may have a checkpoint before it.
      State state = failure.isPresent() ? State.FAILED : claimed ? State.RUNNING : State.STOPPED;
      return new JobStatus(planned, state, failure.orElse(e.getMessage()));
    }
  }

  private static JobStatus ended(PlannedJob planned, JobResult result) {
    return new JobStatus(
        planned,
        result.status() == Status.DONE ? State.DONE : State.DIVERGED,
        result.step(),
        result.horizon().map(HorizonResult::loss),
        speed(planned.job(), result),
        remark(result));
  }

  private static Optional<Double> speed(Job job, JobResult result) {
    double tokens = (double) (result.step() - result.startStep()) * job.batchTokens();
    return result.status() == Status.DONE && result.seconds() > 0 && tokens > 0
        ? Optional.of(tokens / result.seconds())
        : Optional.empty();
  }

  private static boolean isClaimed(SweepFolder folder, Job job) {
    try {
      return folder.claim(job.id()).isHeld();
    } catch (IOException e) {
      return false; // whoever may not look cannot tell
    }
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
