package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.isoflop.harness.analysis.allocation.AllocationJson;
import org.isoflop.harness.analysis.allocation.Allocator;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.law.LackOfFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** A law that does not describe the points is said not to, and one that does is let alone. */
final class LackOfFitTest {

  private static LackOfFit test(List<LossPoint> points) {
    Law law = LawFit.fit(points, Criterion.HUBER_LOG).value().orElseThrow().law();
    return LackOfFit.of(points, law, Optional.empty());
  }

  private static LackOfFit testWithCurves(List<LossPoint> points) {
    Law law = LawFit.fit(points, Criterion.HUBER_LOG).value().orElseThrow().law();
    RobustIsoFlop curves =
        RobustIsoFlop.of(points, Optional.of(law), IntervalScheme.NOISE, new Resampling(1, 100));
    return LackOfFit.of(points, law, curves.residuals());
  }

  /** A grid of sizes and tokens where tokens help large models less than small. */
  private static List<LossPoint> grid(double twist, double noise, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<LossPoint> points = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 7; j++) {
        double params = 2e7 * Math.pow(2.5, i);
        double tokens = 1e8 * Math.pow(2, j);
        double off = twist * Math.log(params / 1e8) * Math.log(tokens / 1e9);
        double loss = LawGrid.CHINCHILLA.loss(params, tokens);
        points.add(
            LossPoint.of(
                6 * params * tokens,
                params,
                tokens,
                loss * Math.exp(off + noise * random.nextGaussian())));
      }
    }
    return points;
  }

  @Test
  void lossThatRisesWithTokensIsSaidFirst() {
    LossPoints points = Cases.sixNd("overfit_repeated", Map.of());
    Analysis analysis = IsoFlopAnalysis.analyze(points, Analyses.SETTINGS);
    assertThat(analysis.warnings().get(0))
        .startsWith("The parametric law does not fit these points: the loss rises with tokens at")
        .contains("most at 800M params, from 3.678 at 400M tokens to 4.772 at 6.4B");
    assertThat(analysis.law().orElseThrow().lackOfFit()).contains(analysis.warnings().get(0));
    Allocator allocator =
        IsoFlopAnalysis.allocator(points, Analyses.SETTINGS).value().orElseThrow();
    assertThat(
            AllocationJson.of(allocator.allocate(List.of(1e19)).get(0))
                .tree()
                .get("cautions")
                .get(0)
                .asText())
        .startsWith("The parametric law does not fit these points");
  }

  @Test
  void withoutTheRepeatsItFits() {
    Analysis analysis =
        IsoFlopAnalysis.analyze(Cases.sixNd("overfit_up_to_4_epochs", Map.of()), Analyses.SETTINGS);
    assertThat(analysis.warnings()).noneMatch(warning -> warning.contains("does not fit"));
    assertThat(analysis.exponents(Method.PARAMETRIC).orElseThrow().a().value())
        .isCloseTo(0.431, within(0.001));
  }

  @Test
  void residualsThatFollowParamsAndTokensAreSeen() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(test(grid(0.02, 0.003, seed)).warning().orElseThrow())
          .contains("of the loss where neighbours in tokens scatter by");
    }
  }

  @Test
  void cleanSweepsAreLetAlone() {
    long said =
        LongStream.rangeClosed(1, 40)
            .filter(
                seed ->
                    testWithCurves(LawGrid.centred(LawGrid.CHINCHILLA, 5, 7, 6).noisy(0.003, seed))
                        .warning()
                        .isPresent())
            .count();
    long ofGrids =
        LongStream.rangeClosed(1, 40)
            .filter(seed -> test(grid(0, 0.003, seed)).warning().isPresent())
            .count();
    assertThat(said + ofGrids).isZero();
  }

  @Test
  void repeatsOfACellShowTheNoise() {
    SplittableRandom random = new SplittableRandom(1);
    List<LossPoint> points = new ArrayList<>();
    // Every budget shares an error of 2%, which no law follows; repeats differ by 0.1%.
    for (LossPoint p : LawGrid.centred(LawGrid.CHINCHILLA, 6, 5, 4).clean()) {
      double shared = 0.02 * Math.sin(5 * Math.log(p.budget()));
      for (int seed = 0; seed < 2; seed++) {
        points.add(p.withLoss(p.loss() * Math.exp(shared + 0.001 * random.nextGaussian())));
      }
    }
    points.replaceAll(p -> p.inLineage(String.valueOf(p.loss())));
    assertThat(test(points).warning().orElseThrow()).contains("repeats differ by a standard");
  }
}
