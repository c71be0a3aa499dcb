package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives Slurm what it has not got of a sweep: an array of workers where jobs are left and none is
 * queued or running, and an analysis after them.
 */
final class SlurmSubmission {

  /** A node may be slower than this machine, and its files farther away. */
  private static final double SLOWER = 2;

  private static final Duration LEAST = Duration.ofMinutes(30);

  /** For the step at hand, which must end, and for saving. */
  private static final Duration LEAST_LEAD = Duration.ofMinutes(2);

  private static final double STEPS_OF_LEAD = 10;

  private final SweepFolder folder;
  private final Sweep.Settings settings;
  private final List<String> options;
  private final SlurmJobs jobs;
  private final SlurmJobs.Queue before;
  private final List<String> said = new ArrayList<>();

  /**
   * Asks what Slurm has of the sweep.
   *
   * @throws org.isoflop.harness.BadInputException if the options cannot be options of sbatch
   * @throws UncheckedIOException if Slurm does not answer
   */
  SlurmSubmission(SweepFolder folder, Sweep.Settings settings, List<String> options) {
    this.folder = new SweepFolder(folder.path().toAbsolutePath().normalize());
    this.settings = settings;
    this.options = options;
    scripts(Optional.empty()); // which looks at the options before anything is written
    this.jobs = SlurmJobs.read(this.folder);
    try {
      this.before = jobs.queue();
    } catch (Slurm.UnreachableException e) {
      throw new UncheckedIOException(
          "Slurm cannot be asked what it has of this sweep, so nothing is submitted: "
              + e.getMessage(),
          e);
    }
  }

  /** Whether workers are queued or running, so that the folder must stay as it is. */
  boolean isWorking() {
    return !before.workers().isEmpty();
  }

  /** Submits the analysis alone, after the workers that are there, where Slurm has none. */
  List<String> submitAnalysis() {
    said.add("nothing to submit as yet: Slurm has " + before.describe() + ".");
    said.add("Once they have ended the same command submits what is missing, or is new.");
    if (before.analyses().isEmpty()) {
      analyse(before.workers().stream().map(Slurm.Task::job).distinct().toList());
    }
    return said;
  }

  /** Submits workers for the jobs that are left, and the analysis. */
  List<String> submit(SweepStatus status, int left) {
    SlurmScripts scripts = scripts(Optional.of(status));
    int tasks = Math.min(left, settings.slots());
    if (tasks > 0) {
      scripts.write(tasks);
      String array = Slurm.submit(scripts.workersFile());
      jobs.add(new SlurmJobs.Submitted(array, scripts.name(), tasks));
      said.add((tasks == 1 ? "1 worker is" : tasks + " workers are") + " job " + array + ".");
      analyse(List.of(array));
      said.add("Watch: isoflop status " + folder.path() + "; squeue --array --jobs " + array);
      said.add("Logs:  " + scripts.logs() + "; the scripts are in " + folder.slurm());
      said.add("Stop:  scancel " + array + "; each saves its job, and the same command goes on");
      return said;
    }
    PointsFile.complete(folder);
    if (!before.analyses().isEmpty()) {
      said.add("nothing to submit: Slurm has " + before.describe() + ".");
    } else if (isAnalysed()) {
      said.add("nothing to submit: every job has ended, and is analysed.");
    } else {
      scripts.write(1);
      analyse(List.of());
    }
    return said;
  }

  private void analyse(List<String> after) {
    SlurmScripts scripts = scripts(Optional.empty());
    String dependency = after.isEmpty() ? "" : "--dependency=afterany:" + String.join(":", after);
    String job = Slurm.submit(scripts.analysisFile(), dependency);
    jobs.add(new SlurmJobs.Submitted(job, scripts.name(), 0));
    said.add("The analysis is job " + job + (after.isEmpty() ? "." : ", after them."));
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

  private SlurmScripts scripts(Optional<SweepStatus> status) {
    double step =
        status.stream()
            .flatMap(all -> all.jobs().stream())
            .mapToDouble(job -> job.expectedSeconds() / (job.steps() - job.firstStep()))
            .max()
            .orElse(0);
    Duration lead = longer(LEAST_LEAD, STEPS_OF_LEAD * step);
    double seconds = status.map(all -> all.left().seconds()).orElse(0.0);
    return new SlurmScripts(
        folder,
        "isoflop-" + folder.path().getFileName().toString().replaceAll("[^\\w.-]", "_"),
        settings.program().get(),
        settings.device().isGpu(),
        longer(LEAST, SLOWER * seconds).plus(lead),
        lead,
        options);
  }

  private static Duration longer(Duration least, double seconds) {
    long millis = Math.round(1000 * seconds);
    return millis > least.toMillis() ? Duration.ofMillis(millis) : least;
  }
}
