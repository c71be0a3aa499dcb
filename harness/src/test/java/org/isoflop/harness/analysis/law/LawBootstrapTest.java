package org.isoflop.harness.analysis.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The law's intervals: where they come from, what they depend on, how long they take. */
final class LawBootstrapTest {

  private static final Resampling SMALL = new Resampling(1, 200);
  private static final List<LossPoint> NOISY =
      Surfaces.noisy(
          LawPoints.grid(LawPoints.CHINCHILLA, 6, 9, 6, 1, 1), 0.004, new SplittableRandom(2));

  private static LawSample run(List<LossPoint> points, Scheme scheme, Resampling settings) {
    LawFit fit = LawPoints.fit(points, Criterion.HUBER_LOG);
    return LawBootstrap.run(points, fit, scheme, settings).value().orElseThrow();
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
      return pool.submit(() -> run(points, Scheme.POINTS, settings)).join();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void intervalsHoldTheTruthAndAreAboutAsWideAsTheNoise() {
    double truth = LawPoints.CHINCHILLA.paramsExponent();
    double[] fresh = new double[60];
    List<LossPoint> grid = LawPoints.grid(LawPoints.CHINCHILLA, 6, 9, 6, 1, 1);
    for (int k = 0; k < fresh.length; k++) {
      List<LossPoint> noisy = Surfaces.noisy(grid, 0.004, new SplittableRandom(100 + k));
      fresh[k] = LawPoints.fit(noisy, Criterion.HUBER_LOG).law().paramsExponent();
    }
    Interval spread = Quantiles.interval(fresh, truth);
    List<LossPoint> points = LawPoints.inTrunks(NOISY, 1, 0, new SplittableRandom(1));
    for (Scheme scheme : Scheme.values()) {
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
    assertThat(width(run(points, Scheme.TRUNKS, SMALL)))
        .isGreaterThan(1.3 * width(run(points, Scheme.POINTS, SMALL)));
  }

  @Test
  void noFallbackIsNeededWherePointsAreMany() {
    List<LossPoint> sorted = LawData.sorted(LawPoints.noisy240(5));
    LawData data = LawData.of(sorted);
    LawObjective objective = new LawObjective(data, Criterion.HUBER_LOG);
    double[] start = data.frame().position(LawPoints.fit(sorted, Criterion.HUBER_LOG).law());
    LawDraws draws = new LawDraws(sorted, objective, start, Scheme.POINTS);
    for (int r = 0; r < 20; r++) {
      LawData drawn = draws.draw(new SplittableRandom(r));
      Law refit = LawBootstrap.refit(drawn, Criterion.HUBER_LOG, start);
      LawFit searched = LawFit.fit(drawn, Criterion.HUBER_LOG).value().orElseThrow();
      assertThat(refit.paramsExponent()).isCloseTo(searched.law().paramsExponent(), within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource(Scheme.class)
  void normalDrawsAgreeWithRefitsWherePointsAreMany(Scheme scheme) {
    List<LossPoint> noisy =
        Surfaces.noisy(
            LawPoints.grid(LawPoints.CHINCHILLA, 10, 100, 6, 1, 1), 0.004, new SplittableRandom(6));
    List<LossPoint> points = LawPoints.inTrunks(noisy, 4, 0.002, new SplittableRandom(4));
    LawFit fit = LawPoints.fit(points, Criterion.HUBER_LOG);
    Resampling settings = new Resampling(1, 400);
    LawSample refits = LawBootstrap.run(points, fit, scheme, settings).value().orElseThrow();
    List<LossPoint> sorted = LawData.sorted(points);
    LawObjective objective = new LawObjective(LawData.of(sorted), Criterion.HUBER_LOG);
    double[] position = objective.data().frame().position(fit.law());
    int[][] groups = new LawDraws(sorted, objective, position, scheme).groups();
    LawSample normal =
        LawSandwich.draw(objective, position, fit.law(), groups, scheme, settings)
            .value()
            .orElseThrow();
    assertThat(width(normal) / width(refits)).isBetween(0.8, 1.25);
  }

  @Test
  void refusesWhereMostResamplesGiveNoLaw() {
    List<LossPoint> six = LawPoints.grid(LawPoints.CHINCHILLA, 3, 2, 4, 1, 1);
    LawFit fit = LawPoints.fit(six, Criterion.HUBER_LOG);
    assertThat(LawBootstrap.run(six, fit, Scheme.POINTS, SMALL).refused())
        .hasValueSatisfying(r -> assertThat(r).contains(" of 200 resamples"));
    List<LossPoint> oneTrunk =
        six.stream()
            .map(
                p ->
                    new LossPoint(
                        p.budget(),
                        p.flops(),
                        p.params(),
                        p.tokens(),
                        p.loss(),
                        p.bitsPerByte(),
                        "one"))
            .toList();
    assertThat(LawBootstrap.run(oneTrunk, fit, Scheme.TRUNKS, SMALL).refused())
        .hasValue("The points come from one trunk, too few to resample whole trunks.");
  }

  @Test
  void fourThousandReplicatesOf240PointsTakeSeconds(TestReporter reporter) {
    List<LossPoint> points = LawPoints.noisy240(1);
    long start = System.nanoTime();
    LawSample sample = run(points, Scheme.POINTS, new Resampling(1, 4000));
    double seconds = (System.nanoTime() - start) / 1e9;
    reporter.publishEntry("seconds for a fit and 4000 replicates", Double.toString(seconds));
    assertThat(sample.resampled()).hasSize(4000);
    assertThat(seconds).isLessThan(15);
  }

  @Test
  void aHundredThousandPointsTakeSeconds(TestReporter reporter) {
    List<LossPoint> points =
        Surfaces.noisy(
            LawPoints.grid(LawPoints.CHINCHILLA, 10, 10_000, 6, 1, 1),
            0.004,
            new SplittableRandom(1));
    long start = System.nanoTime();
    LawSample sample = run(points, Scheme.POINTS, new Resampling(1, 4000));
    double seconds = (System.nanoTime() - start) / 1e9;
    reporter.publishEntry("seconds for 100,000 points", Double.toString(seconds));
    assertThat(sample.law().paramsExponent())
        .isCloseTo(LawPoints.CHINCHILLA.paramsExponent(), within(2e-3));
    assertThat(seconds).isLessThan(10);
  }
}
