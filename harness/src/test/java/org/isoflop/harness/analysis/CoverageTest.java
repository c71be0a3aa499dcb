package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whether a 95% interval holds the truth in about 95 of 100 sweeps that differ by noise only. */
final class CoverageTest {

  private static final int SWEEPS = 200;

  private static boolean holds(Interval interval, double truth) {
    return interval.low() <= truth && truth <= interval.high();
  }

  @Test
  void intervalsHoldTheTruthOfTheChinchillaSurface() {
    double[] budgets = Surfaces.budgets(1e18, Math.sqrt(10), 5);
    double[] truth = new double[budgets.length];
    for (int k = 0; k < truth.length; k++) {
      truth[k] = Surfaces.chinchillaLnParams(budgets[k]);
    }
    List<LossPoint> exact = Surfaces.sample(Surfaces::chinchilla, budgets, truth, 7, 4);
    SplittableRandom random = new SplittableRandom(7);
    int global = 0;
    int local = 0;
    int optima = 0;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      Analysis analysis =
          IsoFlopAnalysis.analyze(
              Surfaces.noisy(exact, 0.005, random), new AnalysisSettings(sweep, 300));
      if (holds(analysis.isoflop().orElseThrow().aInterval(), Surfaces.CHINCHILLA_A)) {
        global++;
      }
      for (LocalExponent exponent : analysis.local()) {
        local += holds(exponent.aInterval(), Surfaces.CHINCHILLA_A) ? 1 : 0;
      }
      for (int k = 0; k < truth.length; k++) {
        Optimum optimum = analysis.curves().get(k).optimum().orElseThrow();
        optima += holds(optimum.paramsInterval(), Math.exp(truth[k])) ? 1 : 0;
      }
    }
    assertThat((double) global / SWEEPS).isBetween(0.90, 0.99);
    assertThat(local / (4.0 * SWEEPS)).isBetween(0.90, 0.99);
    assertThat(optima / (5.0 * SWEEPS)).isBetween(0.90, 0.99);
  }

  @Test
  void scatterBetweenBudgetsWidensTheGlobalInterval() {
    double[] budgets = Surfaces.budgets(1e18, Math.sqrt(10), 6);
    SplittableRandom random = new SplittableRandom(9);
    int held = 0;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double[] centres = new double[budgets.length];
      List<LossPoint> points = new ArrayList<>();
      for (int k = 0; k < budgets.length; k++) {
        double shift = Math.exp(0.1 * random.nextGaussian());
        centres[k] = Surfaces.chinchillaLnParams(budgets[k]);
        points.addAll(
            Surfaces.sample(
                (n, d) -> Surfaces.chinchilla(n / shift, d * shift),
                new double[] {budgets[k]},
                new double[] {centres[k]},
                7,
                4));
      }
      Analysis analysis =
          IsoFlopAnalysis.analyze(
              Surfaces.noisy(points, 0.002, random), new AnalysisSettings(sweep, 200));
      held += holds(analysis.isoflop().orElseThrow().aInterval(), Surfaces.CHINCHILLA_A) ? 1 : 0;
    }
    assertThat((double) held / SWEEPS).isBetween(0.88, 0.99);
  }
}
