package org.isoflop.harness.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.CsvFiles;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.train.Conditions;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.ParameterCounts;

/**
 * {@code points.csv}: one row per horizon of every job that has ended, in the plan's order, with
 * every count needed to change convention later. The row of a job that diverged has the loss NaN
 * and its status says so; {@code spikes} counts how often a training loss rose and came back.
 */
final class PointsFile {

  static final List<String> COLUMNS =
      List.of(
          "job",
          "budget_flops",
          "params",
          "tokens",
          "loss",
          "bits_per_byte",
          "params_embedding",
          "params_attention",
          "params_mlp",
          "params_norm",
          "params_head",
          "flops_per_token",
          "flops",
          "layers",
          "width",
          "heads",
          "context",
          "batch_tokens",
          "steps",
          "learning_rate",
          "seed",
          "lineage",
          "status",
          "precision",
          "seconds",
          "device",
          "spikes");

  private final SweepFolder folder;
  private final List<Job> jobs;
  private final Conditions conditions;

  PointsFile(SweepFolder folder, List<Job> jobs, Conditions conditions) {
    this.folder = folder;
    this.jobs = jobs;
    this.conditions = conditions;
  }

  /**
   * Returns the results of the jobs that have ended, in the plan's order. One that is damaged or of
   * another job is left out: it fails the job it stands for, when that job's turn comes.
   */
  Map<Job, JobResult> results() {
    Map<Job, JobResult> results = new LinkedHashMap<>();
    for (Job job : jobs) {
      try {
        JobResult.read(folder.job(job.id()), conditions.identity(job))
            .ifPresent(result -> results.put(job, result));
      } catch (BadInputException e) {
        // Not a point; see above.
      }
    }
    return results;
  }

  /** Writes the points of all jobs that have ended. */
  void write() {
    List<List<?>> rows = new ArrayList<>();
    results()
        .forEach(
            (job, result) -> {
              job.horizon().ifPresent(horizon -> rows.add(row(job, horizon, result)));
            });
    CsvFiles.write(folder.points(), COLUMNS, rows);
  }

  private static List<?> row(Job job, Horizon horizon, JobResult result) {
    DecoderConfig decoder = job.decoder();
    ParameterCounts counts = decoder.parameters();
    return List.of(
        job.id(),
        horizon.budget(),
        counts.total(),
        horizon.tokens(),
        result.horizon().map(HorizonResult::loss).orElse(Double.NaN),
        result.horizon().map(HorizonResult::bitsPerByte).orElse(Double.NaN),
        counts.embedding(),
        counts.attention(),
        counts.mlp(),
        counts.norm(),
        counts.head(),
        decoder.flopsPerToken(),
        horizon.flops(),
        decoder.layers(),
        decoder.width(),
        decoder.heads(),
        decoder.options().context(),
        job.batchTokens(),
        horizon.steps(),
        job.schedule().peak(),
        job.seed(),
        job.id(),
        result.status() == Status.DONE ? "done" : "diverged",
        result.precision(),
        Math.round(10 * result.seconds()) / 10.0,
        result.device(),
        result.spikes());
  }
}
