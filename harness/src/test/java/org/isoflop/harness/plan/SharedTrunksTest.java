package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.isoflop.harness.plan.Sweeps.trained;

import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.LossSurface;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningFit;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What it does to the exponent that a trunk's learning rate and batch are not its horizons' own:
 * every loss of a known surface is raised by what the study's shape says that being off costs.
 */
final class SharedTrunksTest {

  private static final TunedLaws STUDY =
      TuningFit.of(TuningRun.read(Path.of("..", "runs", "study", "java.csv")))
          .value()
          .orElseThrow();

  /** How much a moves, and the share of the FLOPs that is saved for it. */
  @ParameterizedTest(name = "{0} at tolerance {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [1e11, 3.2e11, 1e12]               | 1.3 | .000 | .00
          [1e11, 3.2e11, 1e12]               | 1.5 | .024 | .09
          [2.8e11, 6.2e11, 1.36e12, 3e12]    | 1.3 | .002 | .04
          [2.8e11, 6.2e11, 1.36e12, 3e12]    | 1.5 | .006 | .15
          [2.8e11, 6.2e11, 1.36e12, 3e12]    | 2.1 | .080 | .24
          [1e12, 3.2e12, 1e13, 3.2e13, 1e14] | 1.3 | .000 | .00
          [1e12, 3.2e12, 1e13, 3.2e13, 1e14] | 1.5 | .016 | .11
          [1e12, 3.2e12, 1e13, 3.2e13, 1e14] | 2.1 | .052 | .15
          """)
  void theUsualToleranceLeavesTheExponentAsItIsAndWiderOnesRaiseIt(
      String budgets, String tolerance, double rise, double saved) {
    Plan shared = plan(budgets, "{kind: trunk, tolerance: %s}".formatted(tolerance));
    Plan separate = plan(budgets, "none");

    assertThat(exponent(shared) - exponent(separate)).isCloseTo(rise, within(0.002));
    assertThat(1 - shared.flops() / separate.flops()).isCloseTo(saved, within(0.01));
  }

  private static Plan plan(String budgets, String sharing) {
    return Sweeps.plan(trained("budgets: " + budgets, "sharing: " + sharing));
  }

  private static double exponent(Plan plan) {
    List<DesignCell> design =
        plan.points().stream().map(f -> TrainableCells.cell(f.job())).toList();
    var law = LossSurface.prior(design).law();
    List<LossPoint> points =
        plan.points().stream()
            .map(JobForecast::job)
            .map(
                job -> {
                  DesignCell cell = TrainableCells.cell(job);
                  double off =
                      STUDY.rise(
                          cell.params(),
                          cell.tokens(),
                          job.schedule().peak(),
                          (double) job.batchTokens());
                  return Surfaces.point(
                      cell.budget(),
                      cell.params(),
                      cell.tokens(),
                      (1 + off) * law.loss(cell.params(), cell.tokens()));
                })
            .toList();
    return new ParabolaFit().fit(points).value().orElseThrow().params().exponent();
  }
}
