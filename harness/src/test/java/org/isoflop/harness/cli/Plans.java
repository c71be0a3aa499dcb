package org.isoflop.harness.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isoflop.harness.config.Wsd;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.Passes;
import org.isoflop.harness.plan.Plan;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;

/** Small plans to show the progress of. */
final class Plans {

  static final long STEPS = 1000;

  static final CorpusStatistics CORPUS =
      new CorpusStatistics(
          1234,
          1200,
          34,
          Map.of(LeftOut.DUPLICATE, 5L, LeftOut.HIDDEN, 1L),
          7,
          41_234_567,
          1_050,
          41_230_000,
          1_000,
          3.1,
          2.5,
          "0".repeat(64),
          "1".repeat(64),
          List.of(),
          List.of());

  private Plans() {}

  /** A plan of jobs that take that many seconds each, by name {@code job-0}, {@code job-1}, … */
  static Plan ofSeconds(double... seconds) {
    List<JobForecast> forecasts = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      forecasts.add(
          new JobForecast(
              job("job-" + i),
              new JobForecast.Target(1e4, 1, 40),
              seconds[i],
              false,
              64,
              1000,
              0.5,
              1000));
    }
    return new Plan(
        forecasts,
        List.of(new Plan.DroppedCell(1e9, 1.5e6, "too large")),
        List.of("Two budgets cannot show a trend."),
        Optional.empty(),
        Passes.unlimited(Optional.empty()));
  }

  private static Job job(String id) {
    DecoderConfig decoder =
        new DecoderConfig(
            new DecoderOptions(16, 256, MlpKind.SWIGLU, NormKind.LAYERNORM, true, true),
            1,
            16,
            2,
            40);
    long tokens = STEPS * 4 * 16;
    return new Job(
        id,
        decoder,
        1,
        4,
        new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1),
        new Wsd.Fitted(1e-3, 5, STEPS, 200),
        Optional.empty(),
        0,
        STEPS,
        Optional.of(new Horizon(1e9, STEPS, tokens, tokens * decoder.flopsPerToken())));
  }
}
