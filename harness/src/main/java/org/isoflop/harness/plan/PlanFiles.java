package org.isoflop.harness.plan;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private static final Map<String, Function<Row, Object>> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("job", row -> row.job().id());
    // whose end state it goes on from; empty where there is none
    COLUMNS.put("parent", row -> row.job().parent().orElse(""));
    // the first job of its trunk, itself where it has none
    COLUMNS.put("lineage", row -> row.lineages().trunk(row.job()));
    // of its horizon; for a stretch of a trunk, of the horizon whose branch leaves it at its end
    COLUMNS.put("budget_flops", row -> row.branch().budget());
    COLUMNS.put("params", row -> row.decoder().parameters().total());
    // what the grid asked for, and below what the rule of shapes has at this width, not rounded
    COLUMNS.put("params_target", row -> Math.round(row.forecast().target().params()));
    COLUMNS.put("tokens", Row::tokens);
    COLUMNS.put(
        "tokens_per_param", row -> (double) row.tokens() / row.decoder().parameters().total());
    COLUMNS.put("layers", row -> row.decoder().layers());
    COLUMNS.put("layers_target", row -> row.forecast().target().layers());
    COLUMNS.put("width", row -> row.decoder().width());
    COLUMNS.put("heads", row -> row.decoder().heads());
    COLUMNS.put("mlp_width", row -> row.decoder().mlpWidth());
    COLUMNS.put("mlp_width_target", row -> row.forecast().target().mlpWidth());
    COLUMNS.put("context", row -> row.decoder().options().context());
    COLUMNS.put("flops_per_token", row -> row.decoder().flopsPerToken()); // exact
    COLUMNS.put("flops", row -> row.tokens() * row.decoder().flopsPerToken()); // of its lineage
    COLUMNS.put("first_step", row -> row.job().firstStep());
    COLUMNS.put("steps", row -> row.job().lastStep());
    COLUMNS.put("batch_tokens", row -> row.job().batchTokens());
    COLUMNS.put("warmup_steps", row -> row.job().schedule().warmupSteps());
    COLUMNS.put("schedule", row -> row.job().schedule().kind()); // or trunk
    COLUMNS.put("learning_rate", row -> row.job().schedule().peak());
    COLUMNS.put("beta2", row -> row.job().optimizer().beta2());
    COLUMNS.put("seed", row -> row.job().seed());
    COLUMNS.put("epochs", row -> row.forecast().epochs());
    COLUMNS.put("unique_tokens", row -> row.forecast().uniqueTokens());
    // expected: of the job alone on one slot; the next two of the device
    COLUMNS.put("seconds", row -> row.forecast().seconds());
    COLUMNS.put("pass_tokens", row -> row.forecast().passTokens());
    COLUMNS.put("memory_bytes", row -> row.forecast().memoryBytes());
    // over the cell's own; the next two of the cell's setting
    COLUMNS.put("learning_rate_departure", row -> row.ofHorizon(Horizon::learningRateDeparture));
    COLUMNS.put("batch_departure", row -> row.ofHorizon(Horizon::batchDeparture));
    COLUMNS.put("learning_rate_multiplier", row -> row.branch().setting().learningRate());
    COLUMNS.put("batch_multiplier", row -> row.branch().setting().batch());
    COLUMNS.put("short_of_steps", row -> row.ofHorizon(end -> row.job().shortOfSteps()));
  }

  private PlanFiles() {}

  /** Writes {@code plan.csv} whole; missing parent folders are made. */
  public static void write(Plan plan, Path planCsv) {
    Lineages lineages = new Lineages(plan.jobs());
    CsvFiles.write(
        planCsv,
        List.copyOf(COLUMNS.keySet()),
        plan.forecast().jobs().stream()
            .map(one -> new Row(one, one.job(), lineages, lineages.branch(one.job()).end()))
            .map(row -> COLUMNS.values().stream().map(column -> column.apply(row)).toList())
            .toList());
  }
}
