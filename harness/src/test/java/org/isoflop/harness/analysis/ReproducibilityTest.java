package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.LongStream;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LocalFrontier;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same seed gives the same numbers on any machine, and another one the same answer. */
final class ReproducibilityTest {

  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 4, 9, 6);
  private static final List<LossPoint> SHARED = GRID.trunks(0.004, 0.5, 8);

  private static Analysis analyze(IntervalScheme scheme, long seed) {
    return IsoFlopAnalysis.analyze(SHARED, new AnalysisSettings(scheme, new Resampling(seed, 100)));
  }

  private static <R> R onThreads(int threads, Callable<R> work)
      throws InterruptedException, ExecutionException {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(work).get();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void theAnalysisIsTheSameOnOneThreadAndOnSeveral()
      throws InterruptedException, ExecutionException {
    Analysis one = onThreads(1, () -> analyze(IntervalScheme.AUTO, 5));
    assertThat(onThreads(4, () -> analyze(IntervalScheme.AUTO, 5))).isEqualTo(one);
  }

  @ParameterizedTest
  @EnumSource(IntervalScheme.class)
  void everySchemeIsTheSameOnOneThreadAndOnSeveral(IntervalScheme scheme)
      throws InterruptedException, ExecutionException {
    RobustIsoFlop one = onThreads(1, () -> robust(SHARED, scheme, new Resampling(5, 200)));
    RobustIsoFlop four = onThreads(4, () -> robust(SHARED, scheme, new Resampling(5, 200)));
    assertThat(four.exponents()).isEqualTo(one.exponents());
    assertThat(four.curves()).isEqualTo(one.curves());
    assertThat(four.frontier().map(LocalFrontier::windows))
        .isEqualTo(one.frontier().map(LocalFrontier::windows));
    assertThat(four.lossFrontier().map(LossFrontierFit::parameters))
        .isEqualTo(one.lossFrontier().map(LossFrontierFit::parameters));
    Exponents found = one.exponents().value().orElseThrow();
    double width = width(found.a().interval());
    assertThat(found.a().value()).isCloseTo(LawGrid.CHINCHILLA.paramsExponent(), within(width));
    assertThat(width).isBetween(0.003, 0.1);
  }

  @Test
  void anotherSeedMovesIntervalsOnly() {
    Analysis one = analyze(IntervalScheme.AUTO, 5);
    Analysis other = analyze(IntervalScheme.AUTO, 6);
    for (Method method : List.of(Method.PARABOLA, Method.PARAMETRIC)) {
      Exponents first = one.exponents(method).orElseThrow();
      Exponents second = other.exponents(method).orElseThrow();
      assertThat(second.a().value()).isEqualTo(first.a().value());
      assertThat(second.b().value()).isEqualTo(first.b().value());
      assertThat(second.a().interval()).isNotEqualTo(first.a().interval());
    }
    for (int k = 0; k < one.curves().size(); k++) {
      assertThat(other.curves().get(k).optimum().orElseThrow().params().value())
          .isEqualTo(one.curves().get(k).optimum().orElseThrow().params().value());
    }
  }

  /**
   * The weights of the optima come out of the draws, so that the line follows the seed a little.
   */
  @Test
  void theLineHardlyFollowsTheSeed() {
    Exponents one = robust(SHARED, IntervalScheme.AUTO, 1).exponents().value().orElseThrow();
    Exponents other = robust(SHARED, IntervalScheme.AUTO, 2).exponents().value().orElseThrow();
    double width = width(one.a().interval());
    assertThat(other.a().value()).isCloseTo(one.a().value(), within(0.02 * width));
    assertThat(other.b().value()).isCloseTo(one.b().value(), within(0.02 * width));
  }

  @Test
  void intervalsOfThinCurvesDoNotFollowTheSeed() {
    List<LossPoint> points = LawGrid.centred(LawGrid.CHINCHILLA, 4, 5, 4).noisy(0.003, 1);
    List<Interval> intervals =
        LongStream.rangeClosed(1, 5)
            .mapToObj(seed -> robust(points, IntervalScheme.NOISE, seed))
            .map(found -> found.exponents().value().orElseThrow().a().interval())
            .toList();
    Interval first = intervals.get(0);
    assertThat(intervals)
        .allSatisfy(
            interval -> {
              assertThat(interval.low()).isCloseTo(first.low(), within(0.1 * width(first)));
              assertThat(interval.high()).isCloseTo(first.high(), within(0.1 * width(first)));
            });
  }

  @Test
  void noiseThatTrunksShareCancelsInTheExponentAndNotInTheOptima() {
    double exponent = 0;
    double size = 0;
    int seeds = 6;
    for (int seed = 0; seed < seeds; seed++) {
      List<LossPoint> points = GRID.trunks(0.003, 0.9, seed);
      RobustIsoFlop shared = robust(points, IntervalScheme.AUTO, 1);
      RobustIsoFlop ignored = robust(points, IntervalScheme.NOISE, 1);
      exponent += Math.log(exponentWidth(shared) / exponentWidth(ignored)) / seeds;
      size += Math.log(sizeWidth(shared) / sizeWidth(ignored)) / seeds;
    }
    assertThat(Math.exp(exponent)).isLessThan(0.7);
    assertThat(Math.exp(size)).isGreaterThan(1.1);
  }

  private static RobustIsoFlop robust(List<LossPoint> points, IntervalScheme scheme, long seed) {
    return robust(points, scheme, new Resampling(seed, 1000));
  }

  private static RobustIsoFlop robust(
      List<LossPoint> points, IntervalScheme scheme, Resampling settings) {
    return RobustIsoFlop.of(points, Optional.of(LawGrid.CHINCHILLA), scheme, settings);
  }

  private static double exponentWidth(RobustIsoFlop found) {
    return width(found.exponents().value().orElseThrow().a().interval());
  }

  /** Returns how wide ln N* is in the middle of the range. */
  private static double sizeWidth(RobustIsoFlop found) {
    Interval interval =
        found.frontier().value().orElseThrow().at(GRID.budget(1)).params().interval();
    return Math.log(interval.high() / interval.low());
  }

  private static double width(Interval interval) {
    return interval.high() - interval.low();
  }
}
