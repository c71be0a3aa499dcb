package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Histories;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.points.Column;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Interval;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checkpoints are told from runs, with and without their runs' names. */
final class HistoriesTest {

  private static final Law TRUTH = new Law(1.69, 406.4, 410.7, 0.34, 0.28);

  /** Checkpoints at equal steps of runs whose whole curve is off by a part of their own. */
  private static List<LossPoint> checkpoints(
      int runs, int each, double ofRun, double own, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<LossPoint> points = new ArrayList<>();
    for (int k = 0; k < runs; k++) {
      double params = 3e7 * Math.pow(32, k / (runs - 1.0));
      double common = ofRun * random.nextGaussian();
      for (int i = 1; i <= each; i++) {
        double tokens = i * 2e10 / each;
        double noise = common + own * random.nextGaussian();
        double loss = TRUTH.loss(params, tokens) * Math.exp(noise);
        points.add(LossPoint.of(6 * params * tokens, params, tokens, loss));
      }
    }
    return points;
  }

  private static Optional<String> found(List<LossPoint> points) {
    Optional<Law> law = LawFit.fit(points, Criterion.HUBER_LOG).value().map(LawFit::law);
    return Histories.of(points, law).warning();
  }

  @Test
  void checkpointsAreFoundByWhatTheirErrorsShare() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(found(checkpoints(6, 20, 0.004, 0.0007, seed)).orElseThrow())
          .contains("look like checkpoints of 6 runs, 20 a run");
      assertThat(found(checkpoints(24, 10, 0.003, 0.002, seed))).isPresent();
    }
  }

  @Test
  void independentRunsOverTheSameGridAreNone() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(found(checkpoints(8, 12, 0, 0.003, seed))).isEmpty();
    }
  }

  @Test
  void aLadderOfSizesAtPlannedBudgetsIsNone() {
    List<LossPoint> points = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int size = 0; size < 9; size++) {
      double params = 1e7 * Math.pow(2, size);
      double common = 0.004 * random.nextGaussian();
      for (int budget = 0; budget < 9; budget++) {
        double flops = 1e18 * Math.pow(2, budget);
        double tokens = flops / 6 / params;
        points.add(LossPoint.of(flops, params, tokens, TRUTH.loss(params, tokens) + common));
      }
    }
    assertThat(found(points)).isEmpty();
  }

  @Tag("slow")
  @Test
  void sixNamedRunsGiveTheLawIntervalsThatHold() {
    Analysis analysis = analysis("checkpoints_six_runs", Map.of(Column.LINEAGE, "run"));
    assertThat(analysis.warnings().get(0)).startsWith("The rows are checkpoints of 6 runs");
    assertThat(analysis.isoflop()).isEmpty();
    LawSample law = analysis.law().orElseThrow().sample();
    assertThat(holds(law.estimate(Law::e).interval(), TRUTH.e())).isTrue();
    assertThat(holds(law.estimate(Law::alpha).interval(), TRUTH.alpha())).isTrue();
    assertThat(holds(law.estimate(Law::beta).interval(), TRUTH.beta())).isTrue();
    Exponents found = analysis.exponents(Method.PARAMETRIC).orElseThrow();
    assertThat(holds(found.a().interval(), TRUTH.paramsExponent())).isTrue();
  }

  @Test
  void budgetsSharedByAccidentGiveNoHeadline() {
    Analysis analysis = analysis("checkpoints_twenty_runs", Map.of());
    assertThat(analysis.isoflop()).isEmpty();
    assertThat(analysis.refused(Method.ISOFLOP).orElseThrow())
        .contains("share by accident and not by plan");
    assertThat(analysis.warnings().get(0))
        .contains("look like checkpoints of 20 runs, 40 a run")
        .contains("--column lineage=");
    Exponents found = analysis.exponents(Method.PARAMETRIC).orElseThrow();
    assertThat(found.a().value()).isCloseTo(0.446, within(0.001));
    assertThat(holds(found.a().interval(), TRUTH.paramsExponent())).isTrue();
  }

  private static boolean holds(Interval interval, double truth) {
    return interval.low() <= truth && truth <= interval.high();
  }

  private static Analysis analysis(String name, Map<Column, String> headers) {
    LossPoints points = Cases.sixNd(name, headers);
    return IsoFlopAnalysis.analyze(points, Analyses.SETTINGS);
  }
}
