package org.isoflop.harness.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.isoflop.harness.CsvFiles;
import org.isoflop.models.DecoderConfig;

/**
 * The file of a plan: {@code plan.csv}, one row per job and horizon.
 *
 * <p>Columns, in order: {@code job} (id), {@code budget_flops}; {@code params} (total) and {@code
 * params_target} (what the grid asked for); {@code tokens} and {@code tokens_per_param}; {@code
 * layers,width,heads,mlp_width,context}; {@code flops_per_token} (exact) and {@code flops}
 * (expected, of the whole lineage up to the horizon); {@code steps}, {@code batch_tokens}, {@code
 * warmup_steps}, {@code schedule} (wsd or cosine), {@code learning_rate} (peak), {@code beta2},
 * {@code seed}; {@code epochs} and {@code unique_tokens}; {@code seconds} (expected, on one slot)
 * and {@code memory_bytes} (expected, of the device).
 */
public final class PlanFiles {

  private static final List<String> COLUMNS =
      List.of(
          "job",
          "budget_flops",
          "params",
          "params_target",
          "tokens",
          "tokens_per_param",
          "layers",
          "width",
          "heads",
          "mlp_width",
          "context",
          "flops_per_token",
          "flops",
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
          "memory_bytes");

  private PlanFiles() {}

  /** Writes {@code plan.csv} whole; missing parent folders are made. */
  public static void write(Plan plan, Path planCsv) {
    List<List<Object>> rows = new ArrayList<>();
    for (JobForecast forecast : plan.forecast().jobs()) {
      rows.add(row(forecast, forecast.job().horizon().orElseThrow()));
    }
    CsvFiles.write(planCsv, COLUMNS, rows);
  }

  private static List<Object> row(JobForecast forecast, Horizon horizon) {
    Job job = forecast.job();
    DecoderConfig decoder = job.decoder();
    long params = decoder.parameters().total();
    return List.of(
        job.id(),
        horizon.budget(),
        params,
        Math.round(forecast.targetParams()),
        horizon.tokens(),
        (double) horizon.tokens() / params,
        decoder.layers(),
        decoder.width(),
        decoder.heads(),
        decoder.mlpWidth(),
        decoder.options().context(),
        decoder.flopsPerToken(),
        horizon.flops(),
        horizon.steps(),
        job.batchTokens(),
        job.schedule().warmupSteps(),
        job.schedule().getClass().getSimpleName().toLowerCase(Locale.ROOT),
        job.schedule().peak(),
        job.optimizer().beta2(),
        job.seed(),
        forecast.epochs(),
        forecast.uniqueTokens(),
        forecast.seconds(),
        forecast.memoryBytes());
  }
}
