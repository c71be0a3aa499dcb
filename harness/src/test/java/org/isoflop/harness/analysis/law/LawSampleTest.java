package org.isoflop.harness.analysis.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The law's intervals: where they come from, what they depend on, how long they take. */
final class LawSampleTest {

  private static final Resampling SMALL = new Resampling(1, 200);
  private static final List<LossPoint> NOISY =
      Surfaces.noisy(
          LawPoints.grid(LawPoints.CHINCHILLA, 6, 9, 6, 1, 1), 0.004, new SplittableRandom(2));

  private static LawSample run(List<LossPoint> points, IntervalScheme scheme, Resampling settings) {
    LawFit fit = LawPoints.fit(points, Criterion.HUBER_LOG);
    return LawSample.of(points, fit, scheme, settings).value().orElseThrow();
  }

  private static double width(LawSample sample) {
    Interval interval = sample.estimate(Law::paramsExponent).interval();
    return interval.high() - interval.low();
  }

  @Test
  void threadsDoNotMatterAndTheSeedDoes() {
    LawSample one = onThreads(1, SMALL);
    LawSample four = onThreads(4, SMALL);
    assertThat(four.resampled()).isEqualTo(one.resampled());
    assertThat(onThreads(4, new Resampling(2, 200)).resampled()).isNotEqualTo(one.resampled());
  }

  private static LawSample onThreads(int threads, Resampling settings) {
    List<LossPoint> points = LawPoints.inTrunks(NOISY, 1, 0, new SplittableRandom(1));
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> run(points, IntervalScheme.POINTS, settings)).join();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void intervalsHoldTheTruthAndAreAboutAsWideAsTheNoise() {
    double truth = LawPoints.CHINCHILLA.paramsExponent();
    double[] fresh = new double[40];
    List<LossPoint> grid = LawPoints.grid(LawPoints.CHINCHILLA, 6, 9, 6, 1, 1);
    for (int k = 0; k < fresh.length; k++) {
      List<LossPoint> noisy = Surfaces.noisy(grid, 0.004, new SplittableRandom(100 + k));
      fresh[k] = LawPoints.fit(noisy, Criterion.HUBER_LOG).law().paramsExponent();
    }
    Interval spread = Quantiles.interval(fresh, truth);
    List<LossPoint> points = LawPoints.inTrunks(NOISY, 1, 0, new SplittableRandom(1));
    for (IntervalScheme scheme :
        List.of(IntervalScheme.POINTS, IntervalScheme.TRUNKS, IntervalScheme.NOISE)) {
      LawSample sample = run(points, scheme, SMALL);
      Interval interval = sample.estimate(Law::paramsExponent).interval();
      assertThat(truth).isBetween(interval.low(), interval.high());
      assertThat(width(sample) / (spread.high() - spread.low())).isBetween(0.6, 1.7);
    }
  }

  @Test
  void wholeTrunksAreWiderWhereTheirErrorsGoTogether() {
    List<LossPoint> grid = LawPoints.grid(LawPoints.CHINCHILLA, 6, 9, 6, 1, 1);
    List<LossPoint> byParams =
        grid.stream().sorted(Comparator.comparingDouble(LossPoint::params)).toList();
    List<LossPoint> points = LawPoints.inTrunks(byParams, 3, 0.01, new SplittableRandom(4));
    assertThat(width(run(points, IntervalScheme.TRUNKS, SMALL)))
        .isGreaterThan(1.3 * width(run(points, IntervalScheme.POINTS, SMALL)));
  }

  @Test
  void noFallbackIsNeededWherePointsAreMany() {
    List<LossPoint> points = LawPoints.noisy240(5);
    LawFit fit = LawPoints.fit(points, Criterion.HUBER_LOG);
    LawSample.Draws draws = new LawSample.Draws(points, fit, IntervalScheme.POINTS);
    for (int r = 0; r < 20; r++) {
      LawData drawn = draws.draw(new SplittableRandom(r));
      Law searched =
          drawn.law(LawFit.minima(new LawObjective(drawn, Criterion.HUBER_LOG)).get(0).getPoint());
      assertThat(draws.refit(drawn).paramsExponent())
          .isCloseTo(searched.paramsExponent(), within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POINTS", "TRUNKS", "NOISE"})
  void normalDrawsAgreeWithRefitsWherePointsAreMany(IntervalScheme scheme) {
    List<LossPoint> noisy =
        Surfaces.noisy(
            LawPoints.grid(LawPoints.CHINCHILLA, 10, 100, 6, 1, 1), 0.004, new SplittableRandom(6));
    List<LossPoint> points = LawPoints.inTrunks(noisy, 4, 0.002, new SplittableRandom(4));
    LawFit fit = LawPoints.fit(points, Criterion.HUBER_LOG);
    LawSample.Draws draws = new LawSample.Draws(points, fit, scheme);
    Fitted<LawSample> refits = LawSample.refits(draws, fit.law(), new Resampling(1, 400));
    Fitted<LawSample> normal = LawSample.normal(draws, fit.law(), new Resampling(1, 400));
    assertThat(width(normal.value().orElseThrow()) / width(refits.value().orElseThrow()))
        .isBetween(0.8, 1.25);
  }

  @Test
  void refusesWhereMostResamplesGiveNoLaw() {
    List<LossPoint> six = LawPoints.grid(LawPoints.CHINCHILLA, 3, 2, 4, 1, 1);
    LawFit fit = LawPoints.fit(six, Criterion.HUBER_LOG);
    assertThat(LawSample.of(six, fit, IntervalScheme.POINTS, SMALL).refused())
        .hasValueSatisfying(r -> assertThat(r).contains(" of 200 resamples"));
    List<LossPoint> oneTrunk = six.stream().map(p -> p.inLineage("one")).toList();
    assertThat(LawSample.of(oneTrunk, fit, IntervalScheme.TRUNKS, SMALL).refused())
        .hasValue("The points come from one trunk, too few to resample whole trunks.");
  }

  @Test
  void aThousandReplicatesOf240PointsTakeSeconds() {
    List<LossPoint> points = LawPoints.noisy240(1);
    long start = System.nanoTime();
    LawSample sample = run(points, IntervalScheme.POINTS, new Resampling(1, 1000));
    assertThat(sample.resampled()).hasSize(1000);
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
  }

  @Test
  void aHundredThousandPointsTakeSeconds() {
    List<LossPoint> points =
        Surfaces.noisy(
            LawPoints.grid(LawPoints.CHINCHILLA, 10, 10_000, 6, 1, 1),
            0.004,
            new SplittableRandom(1));
    long start = System.nanoTime();
    LawSample sample = run(points, IntervalScheme.POINTS, new Resampling(1, 4000));
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(sample.law().paramsExponent())
        .isCloseTo(LawPoints.CHINCHILLA.paramsExponent(), within(2e-3));
    assertThat(seconds).isLessThan(10);
  }
}
