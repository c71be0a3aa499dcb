package org.isoflop.harness.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.CsvFiles;
import org.isoflop.models.DecoderConfig;

/**
 * The file of a plan: {@code plan.csv}, one row per job.
 *
 * <p>Columns, in order: {@code job} (id), {@code parent} (whose end state it goes on from, empty
 * where there is none), {@code lineage} (the first job of its trunk, itself where it has none);
 * {@code budget_flops} (of its horizon; for a stretch of a trunk, of the horizon whose branch
 * leaves it at its end); {@code params} (total) and {@code params_target} (what the grid asked
 * for); {@code tokens} and {@code tokens_per_param}; {@code layers} and {@code layers_target} (what
 * the rule of shapes has at this width, not rounded), {@code width}, {@code heads}, {@code
 * mlp_width} and {@code mlp_width_target} (the same), {@code context}; {@code flops_per_token}
 * (exact) and {@code flops} (expected, of the whole lineage up to the horizon); {@code first_step}
 * and {@code steps} (before the job and after it), {@code batch_tokens}, {@code warmup_steps},
 * {@code schedule} (its kind, or trunk), {@code learning_rate} (peak), {@code beta2}, {@code seed};
 * {@code epochs} and {@code unique_tokens}; {@code seconds} (expected, of the job alone on one
 * slot) and {@code pass_tokens} (of the longest pass) and {@code memory_bytes} (both expected, of
 * the device); {@code learning_rate_departure} and {@code batch_departure} (over the cell's own;
 * empty for a stretch of a trunk); {@code learning_rate_multiplier} and {@code batch_multiplier}
 * (of the cell's setting); {@code short_of_steps} (see {@link Job#shortOfSteps}; empty for a
 * stretch of a trunk).
 */
public final class PlanFiles {

  private static final List<String> COLUMNS =
      List.of(
          "job",
          "parent",
          "lineage",
          "budget_flops",
          "params",
          "params_target",
          "tokens",
          "tokens_per_param",
          "layers",
          "layers_target",
          "width",
          "heads",
          "mlp_width",
          "mlp_width_target",
          "context",
          "flops_per_token",
          "flops",
          "first_step",
          "steps",
          "batch_tokens",
          "warmup_steps",
          "schedule",
          "learning_rate",
          "beta2",
          "seed",
          "epochs",
          "unique_tokens",
          "seconds",
          "pass_tokens",
          "memory_bytes",
          "learning_rate_departure",
          "batch_departure",
          "learning_rate_multiplier",
          "batch_multiplier",
          "short_of_steps");

  private PlanFiles() {}

  /** Writes {@code plan.csv} whole; missing parent folders are made. */
  public static void write(Plan plan, Path planCsv) {
    Lineages lineages = new Lineages(plan.jobs());
    List<List<Object>> rows = new ArrayList<>();
    for (JobForecast forecast : plan.forecast().jobs()) {
      rows.add(row(lineages, forecast));
    }
    CsvFiles.write(planCsv, COLUMNS, rows);
  }

  private static List<Object> row(Lineages lineages, JobForecast forecast) {
    Job job = forecast.job();
    long tokens = job.lastStep() * job.batchTokens();
    DecoderConfig decoder = job.decoder();
    Horizon horizon = lineages.branch(job).horizon().orElseThrow();
    Setting setting = horizon.setting();
    long params = decoder.parameters().total();
    return List.of(
        job.id(),
        job.parent().orElse(""),
        lineages.trunk(job),
        horizon.budget(),
        params,
        Math.round(forecast.target().params()),
        tokens,
        (double) tokens / params,
        decoder.layers(),
        forecast.target().layers(),
        decoder.width(),
        decoder.heads(),
        decoder.mlpWidth(),
        forecast.target().mlpWidth(),
        decoder.options().context(),
        decoder.flopsPerToken(),
        tokens * decoder.flopsPerToken(),
        job.firstStep(),
        job.lastStep(),
        job.batchTokens(),
        job.schedule().warmupSteps(),
        job.schedule().kind(),
        job.schedule().peak(),
        job.optimizer().beta2(),
        job.seed(),
        forecast.epochs(),
        forecast.uniqueTokens(),
        forecast.seconds(),
        forecast.passTokens(),
        forecast.memoryBytes(),
        job.horizon().<Object>map(Horizon::learningRateDeparture).orElse(""),
        job.horizon().<Object>map(Horizon::batchDeparture).orElse(""),
        setting.learningRate(),
        setting.batch(),
        job.horizon().map(end -> job.shortOfSteps()).orElse(""));
  }
}
