package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** Losses without noise lose no point; with noise, a flat curve says how flat. */
final class NoiseFreeTest {

  private static RobustIsoFlop fit(List<LossPoint> points) {
    return RobustIsoFlop.of(
        points,
        LawFit.fit(points, LawFit.Criterion.HUBER_LOG).value().map(f -> f.law()),
        IntervalScheme.NOISE,
        FEW);
  }

  private static final Resampling FEW = new Resampling(1, 100);

  @Test
  void roundingIsNoOutlier() {
    RobustIsoFlop found = fit(Cases.stated("noise_free").points());
    assertThat(found.outliers()).isEmpty();
    assertThat(found.exponents().value().orElseThrow().a().value()).isCloseTo(0.5143, within(1e-4));
  }

  @Test
  void noGridOfAnExactLawLosesAPoint() {
    for (double span : new double[] {3, 8, 60}) {
      for (int sizes : new int[] {5, 8, 15}) {
        List<LossPoint> points = new LawGrid(LawGrid.CHINCHILLA, 5, sizes, span, 0.3, 0.1).clean();
        assertThat(fit(points).outliers()).as(sizes + " sizes, span " + span).isEmpty();
      }
    }
  }

  @Test
  void theRangeWithinNoiseOfTheMinimumIsThatOfTheCurve() {
    double noise = 0.003;
    List<LossPoint> points = LawGrid.centred(LawGrid.CHINCHILLA, 5, 15, 6).noisy(noise, 1);
    RobustIsoFlop found = fit(points);
    for (double budget : new double[] {1e18, 1e20}) {
      assertThat(found.noise().orElseThrow().at(budget)).isCloseTo(noise, within(0.0008));
    }
    found
        .curves()
        .forEach(
            curve -> {
              double best = LawGrid.CHINCHILLA.optimalParams(curve.budget());
              Interval range = curve.optimum().orElseThrow().paramsWithinNoise();
              for (double params : new double[] {range.low(), range.high()}) {
                double tokens = curve.budget() / 6 / params;
                double lowest = LawGrid.CHINCHILLA.loss(best, curve.budget() / 6 / best);
                assertThat(LawGrid.CHINCHILLA.loss(params, tokens) / lowest - 1)
                    .isBetween(0.3 * noise, 3 * noise);
              }
            });
  }

  @Test
  void aFlatCurveIsSaidToBeOne() {
    List<LossPoint> points = LawGrid.centred(LawGrid.CHINCHILLA, 5, 15, 10).noisy(0.03, 2);
    assertThat(IsoFlopAnalysis.analyze(points, Analyses.SETTINGS).notes())
        .anyMatch(note -> note.startsWith("Flat curves: within one standard deviation"));
    assertThat(Analyses.good().notes()).noneMatch(note -> note.startsWith("Flat curves"));
  }
}
