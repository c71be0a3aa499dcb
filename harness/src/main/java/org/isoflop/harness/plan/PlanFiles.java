package org.isoflop.harness.plan;

import java.nio.file.Path;
import java.util.function.Function;
import org.isoflop.harness.CsvFiles;
import org.isoflop.models.DecoderConfig;

/** The file of a plan: {@code plan.csv}, one row per job. */
public final class PlanFiles {

  /** A job with what its columns need; a stretch of a trunk has no horizon, its branch has one. */
  private record Row(JobForecast forecast, Job job, Lineages lineages, Horizon branch) {

    DecoderConfig decoder() {
      return job.decoder();
    }

    long tokens() {
      return job.lastStep() * job.batchTokens();
    }

    /** Returns what is of a horizon; empty for a stretch of a trunk. */
    Object ofHorizon(Function<Horizon, Object> value) {
      return job.horizon().map(value).orElse("");
    }
  }

  private static final CsvFiles.Columns<Row> COLUMNS =
      new CsvFiles.Columns<Row>()
          .with("job", row -> row.job().id())
          // whose end state it goes on from; empty where there is none
          .with("parent", row -> row.job().parent().orElse(""))
          // the first job of its trunk, itself where it has none
          .with("lineage", row -> row.lineages().trunk(row.job()))
          // of its horizon; for a stretch of a trunk, of the horizon whose branch leaves it at its
          // end
          .with("budget_flops", row -> row.branch().budget())
          .with("params", row -> row.decoder().parameters().total())
          // what the grid asked for, and below what the rule of shapes has at this width, not
          // rounded
          .with("params_target", row -> Math.round(row.forecast().target().params()))
          .with("tokens", Row::tokens)
          .with(
              "tokens_per_param", row -> (double) row.tokens() / row.decoder().parameters().total())
          .with("layers", row -> row.decoder().layers())
          .with("layers_target", row -> row.forecast().target().layers())
          .with("width", row -> row.decoder().width())
          .with("heads", row -> row.decoder().heads())
          .with("mlp_width", row -> row.decoder().mlpWidth())
          .with("mlp_width_target", row -> row.forecast().target().mlpWidth())
          .with("context", row -> row.decoder().options().context())
          .with("flops_per_token", row -> row.decoder().flopsPerToken()) // exact
          .with("flops", row -> row.tokens() * row.decoder().flopsPerToken()) // of its lineage
          .with("first_step", row -> row.job().firstStep())
          .with("steps", row -> row.job().lastStep())
          .with("batch_tokens", row -> row.job().batchTokens())
          .with("warmup_steps", row -> row.job().schedule().warmupSteps())
          .with("schedule", row -> row.job().schedule().kind()) // or trunk
          .with("learning_rate", row -> row.job().schedule().peak())
          .with("beta2", row -> row.job().optimizer().beta2())
          .with("seed", row -> row.job().seed())
          .with("epochs", row -> row.forecast().epochs())
          .with("unique_tokens", row -> row.forecast().uniqueTokens())
          // expected: of the job alone on one slot; the next two of the device
          .with("seconds", row -> row.forecast().seconds())
          .with("pass_tokens", row -> row.forecast().passTokens())
          .with("memory_bytes", row -> row.forecast().memoryBytes())
          // over the cell's own; the next two of the cell's setting
          .with("learning_rate_departure", row -> row.ofHorizon(Horizon::learningRateDeparture))
          .with("batch_departure", row -> row.ofHorizon(Horizon::batchDeparture))
          .with("learning_rate_multiplier", row -> row.branch().setting().learningRate())
          .with("batch_multiplier", row -> row.branch().setting().batch())
          .with("short_of_steps", row -> row.ofHorizon(end -> row.job().shortOfSteps()));

  private PlanFiles() {}

  /** Writes {@code plan.csv} whole; missing parent folders are made. */
  public static void write(Plan plan, Path planCsv) {
    Lineages lineages = new Lineages(plan.jobs());
    COLUMNS.write(
        planCsv,
        plan.forecasts().stream()
            .map(one -> new Row(one, one.job(), lineages, lineages.branch(one.job()).end()))
            .toList());
  }
}
