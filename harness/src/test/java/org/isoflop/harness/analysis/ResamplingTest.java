package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Intervals under noise: repeatable, stable, and open about the resamples they lost. */
final class ResamplingTest {

  private static final AnalysisSettings SETTINGS = new AnalysisSettings(5, 300);
  private static final double[] BUDGETS = Surfaces.budgets(1e17, 4, 5);

  private static Analysis analyze(List<LossPoint> points) {
    return IsoFlopAnalysis.analyze(points, SETTINGS);
  }

  @Test
  void noiseThatHidesTheBowlsIsSaid() {
    List<LossPoint> points =
        Surfaces.noisy(Surfaces.sampleBowls(0.5, BUDGETS, 5, 3), 0.03, new SplittableRandom(11));
    Analysis analysis = analyze(points);
    assertThat(analysis.warnings())
        .anyMatch(w -> w.startsWith("Resamples without an optimum inside the measured sizes at"));
    for (BudgetCurve curve : analysis.curves()) {
      curve
          .optimum()
          .ifPresent(
              optimum -> {
                Interval interval = optimum.paramsInterval();
                assertThat(interval.low())
                    .isGreaterThanOrEqualTo(curve.points().get(0).params() * (1 - 1e-9));
                assertThat(interval.high())
                    .isLessThanOrEqualTo(curve.points().get(4).params() * (1 + 1e-9));
              });
    }
  }

  @Test
  void noiseThatHidesTheExponentsRefusesThem() {
    Analysis analysis =
        analyze(
            Surfaces.noisy(
                Surfaces.sampleBowls(0.5, Surfaces.budgets(1e17, 6, 3), 4, 3),
                0.05,
                new SplittableRandom(18)));
    assertThat(analysis.curves()).allMatch(curve -> curve.optimum().isPresent());
    assertThat(analysis.refused().orElseThrow())
        .contains("of the resamples keep fewer than 3 optima, so the noise hides the exponents");
    assertThat(analysis.local()).isEmpty();
    assertThat(analysis.warnings())
        .anyMatch(w -> w.startsWith("No local exponent for 2 pairs of neighbouring budgets"));
  }

  @Test
  void intervalsOfThinCurvesDoNotFollowTheSeed() {
    List<LossPoint> points =
        Surfaces.noisy(
            Surfaces.sampleBowls(0.5, Surfaces.budgets(1e17, 3, 4), 5, 4),
            0.01,
            new SplittableRandom(1));
    List<Interval> intervals =
        Stream.of(1L, 2L, 3L, 4L, 5L)
            .map(seed -> IsoFlopAnalysis.analyze(points, new AnalysisSettings(seed, 2000)))
            .map(analysis -> analysis.isoflop().orElseThrow().aInterval())
            .toList();
    double width = intervals.get(0).high() - intervals.get(0).low();
    assertThat(intervals)
        .allSatisfy(
            interval -> {
              assertThat(interval.low()).isCloseTo(intervals.get(0).low(), within(0.1 * width));
              assertThat(interval.high()).isCloseTo(intervals.get(0).high(), within(0.1 * width));
            });
  }

  @Test
  void isTheSameOnOneThreadAndOnSeveral() throws InterruptedException, ExecutionException {
    List<LossPoint> points =
        Surfaces.noisy(Surfaces.sampleBowls(0.5, BUDGETS, 6, 4), 0.01, new SplittableRandom(8));
    List<Analysis> results = new ArrayList<>();
    for (int threads : new int[] {1, 3}) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        results.add(pool.submit(() -> analyze(points)).get());
      } finally {
        pool.shutdown();
      }
    }
    assertThat(results.get(0)).isEqualTo(results.get(1));
    assertThat(IsoFlopAnalysis.analyze(points, new AnalysisSettings(6, 300)).isoflop())
        .isNotEqualTo(results.get(0).isoflop());
  }
}
