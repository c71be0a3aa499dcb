package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.sweep.Scheduler.Batch;
import org.isoflop.harness.sweep.Scheduler.Task;

/**
 * Gives a scheduler what it has not got of a sweep: workers where jobs are left and none is queued
 * or running, and an analysis after them.
 */
final class Submission {

  /** A node may be slower than this machine, and its files farther away. */
  private static final double SLOWER = 2;

  private static final Duration LEAST = Duration.ofMinutes(30);

  /** For the step at hand, which must end, and for saving. */
  private static final Duration LEAST_LEAD = Duration.ofMinutes(2);

  private static final double STEPS_OF_LEAD = 10;

  private final Scheduler scheduler;
  private final SweepFolder folder;
  private final SubmittedJobs jobs;
  private final SubmittedJobs.Queue before;
  private final Batch batch;
  private final List<String> said = new ArrayList<>();

  /**
   * Asks what the scheduler has of the sweep.
   *
   * @param settings whose slots are the workers
   * @param options of the user's for the scheduler
   * @throws org.isoflop.harness.BadInputException if the scheduler cannot be given this sweep
   * @throws UncheckedIOException if it does not answer
   */
  Submission(
      Scheduler scheduler, SweepFolder folder, Sweep.Settings settings, List<String> options) {
    this.scheduler = scheduler;
    this.folder = new SweepFolder(folder.path().toAbsolutePath().normalize());
    this.batch =
        new Batch(
            this.folder,
            settings.program().get(),
            settings.slots(),
            settings.device().isGpu(),
            LEAST,
            LEAST_LEAD,
            options,
            List.of());
    scheduler.check(batch);
    this.jobs = new SubmittedJobs(this.folder, scheduler);
    try {
      this.before = jobs.queue();
    } catch (Scheduler.UnreachableException e) {
      throw new UncheckedIOException(
          scheduler.name()
              + " cannot be asked what it has of this sweep, so nothing is submitted: "
              + e.getMessage(),
          e);
    }
  }

  /** Whether workers are queued or running, so that the folder must stay as it is. */
  boolean isWorking() {
    return !before.workers().isEmpty();
  }

  /** Submits the analysis alone, after the workers that are there, where there is none. */
  List<String> submitAnalysis() {
    said.add("nothing to submit as yet: " + scheduler.name() + " has " + before.describe() + ".");
    said.add("Once they have ended the same command submits what is missing, or is new.");
    if (before.analyses().isEmpty()) {
      analyse(before.workers().stream().map(Task::job).distinct().toList());
    }
    return said;
  }

  /** Submits workers for the jobs that are left, and the analysis. */
  List<String> submit(SweepStatus status, int left) {
    int workers = Math.min(left, batch.workers());
    if (workers > 0) {
      String job = submit(workers(status, workers));
      said.add((workers == 1 ? "1 worker is" : workers + " workers are") + " job " + job + ".");
      analyse(List.of(job));
      said.add("Watch: isoflop status " + folder.path() + "; " + scheduler.watching(job));
      said.add("Logs:  " + folder.workerLogs() + "; the scripts are in " + folder.of(scheduler));
      said.add(
          "Stop:  "
              + scheduler.cancelling(job)
              + "; each saves its job, and the same command goes on");
      return said;
    }
    PointsFile.complete(folder);
    if (!before.analyses().isEmpty()) {
      said.add("nothing to submit: " + scheduler.name() + " has " + before.describe() + ".");
    } else if (isAnalysed()) {
      said.add("nothing to submit: every job has ended, and is analysed.");
    } else {
      analyse(List.of());
    }
    return said;
  }

  private void analyse(List<String> after) {
    String job = submit(batch.analysis(after));
    said.add("The analysis is job " + job + (after.isEmpty() ? "." : ", after them."));
  }

  private String submit(Batch some) {
    String job = scheduler.submit(some);
    jobs.add(job, some);
    return job;
  }

  /** Whether the report was written after the points. */
  private boolean isAnalysed() {
    Path report = folder.path().resolve("report.html");
    try {
      return Files.exists(report)
          && !Files.getLastModifiedTime(report)
              .toInstant()
              .isBefore(Files.getLastModifiedTime(folder.points()).toInstant());
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns so many workers, with as much time as what is left is forecast to take. */
  private Batch workers(SweepStatus status, int count) {
    double step =
        status.jobs().stream()
            .mapToDouble(job -> job.planned().seconds() / job.job().steps())
            .max()
            .orElse(0);
    Duration lead = longer(LEAST_LEAD, STEPS_OF_LEAD * step);
    return new Batch(
        folder,
        batch.program(),
        count,
        batch.gpu(),
        longer(LEAST, SLOWER * status.left().seconds()).plus(lead),
        lead,
        batch.options(),
        List.of());
  }

  private static Duration longer(Duration least, double seconds) {
    long millis = Math.round(1000 * seconds);
    return millis > least.toMillis() ? Duration.ofMillis(millis) : least;
  }
}
