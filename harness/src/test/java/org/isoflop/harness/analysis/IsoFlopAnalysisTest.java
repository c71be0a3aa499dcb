package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.Remarks;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole analysis, on surfaces whose optima are known. */
final class IsoFlopAnalysisTest {

  private static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.AUTO, new Resampling(5, 100));
  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 5, 7, 6);

  private static Analysis analyze(List<LossPoint> points) {
    return IsoFlopAnalysis.analyze(points, SETTINGS);
  }

  @Test
  void findsTheOptimaOfALaw() {
    Analysis analysis = analyze(GRID.clean());
    Law law = GRID.law();
    assertThat(analysis.curves()).hasSize(5);
    for (int k = 0; k < 5; k++) {
      Optimum optimum = analysis.curves().get(k).optimum().orElseThrow();
      double c = GRID.budget(k);
      assertThat(optimum.params().value() / law.optimalParams(c)).isCloseTo(1, within(1e-4));
      assertThat(optimum.tokens().value() / law.optimalTokens(c)).isCloseTo(1, within(1e-4));
      assertThat(optimum.loss().value())
          .isCloseTo(law.loss(law.optimalParams(c), law.optimalTokens(c)), within(1e-6));
    }
    assertThat(analysis.part(Part.LOCAL))
        .hasSize(4)
        .allSatisfy(
            local ->
                assertThat(local.exponents().a().value())
                    .isCloseTo(law.paramsExponent(), within(1e-4)));
    assertThat(analysis.straightness().orElseThrow().straight()).isTrue();
    assertThat(analysis.residuals()).hasSize(35).noneMatch(r -> r.outlier());
    assertThat(analysis.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.35, 0.5, 0.73})
  void parabolasFindTheExponentsOfExactParabolas(double a) {
    Analysis analysis = analyze(Surfaces.sampleBowls(a, Surfaces.budgets(1e17, 4, 5), 7, 6));
    Exponents found = analysis.exponents(Method.PARABOLA).orElseThrow();
    assertThat(found.a().value()).isCloseTo(a, within(1e-10));
    assertThat(found.b().value()).isCloseTo(1 - a, within(1e-10));
    assertThat(found.a().interval().high() - found.a().interval().low()).isLessThan(1e-6);
    // Another form than the headline's own, and no reason for it to be far off.
    assertThat(analysis.isoflop().orElseThrow().a().value()).isCloseTo(a, within(5e-3));
  }

  @Test
  void theFrontierRunsADecadeBeyondTheMeasuredRangeInsideItsBand() {
    List<FrontierPoint> frontier = analyze(GRID.noisy(0.003, 3)).frontier().drawn();
    assertThat(frontier).hasSize(41);
    assertThat(frontier.get(0).budget() / GRID.budget(0)).isCloseTo(1, within(1e-9));
    assertThat(frontier.get(40).budget() / GRID.budget(4)).isCloseTo(10, within(1e-8));
    assertThat(frontier)
        .allSatisfy(
            point ->
                assertThat(point.params().value() * point.tokens().value() * 6 / point.budget())
                    .isCloseTo(1, within(1e-9)));
    assertThat(relativeWidth(frontier.get(40))).isGreaterThan(relativeWidth(frontier.get(14)));
  }

  private static double relativeWidth(FrontierPoint point) {
    return point.params().interval().high() / point.params().interval().low();
  }

  @Test
  void shortRangesOptimaAtAnEdgeAndOtherComputeAreSaid() {
    List<LossPoint> points =
        new LawGrid(LawGrid.CHINCHILLA, 3, 7, 4, 1, 0)
            .clean().stream()
                .map(p -> LossPoint.of(p.budget(), p.params(), 0.8 * p.tokens(), p.loss()))
                .toList();
    Analysis analysis = analyze(points);
    assertThat(analysis.warnings()).anyMatch(w -> w.startsWith("The optima span 1.0 decades"));
    assertThat(analysis.notes())
        .anyMatch(w -> w.contains("the optimum lies near the edge"))
        .anyMatch(w -> w.contains("At 21 of 21 points 6ND is not the stated budget (0.80 to 0.80"))
        .allMatch(w -> w.endsWith("."));
  }

  @Test
  void aLowestPointAtTheEdgeIsSaid() {
    // A dip at the smallest size; the curve still has its bottom inside.
    double[] loss = {2.92, 3.02, 2.95, 2.93, 3.00, 3.20};
    List<LossPoint> points = new ArrayList<>();
    for (int i = 0; i < loss.length; i++) {
      double n = 1e8 * Math.pow(2, i);
      points.add(LossPoint.of(6e18, n, 1e18 / n, loss[i]));
    }
    Analysis analysis = analyze(points);
    assertThat(analysis.curves().get(0).bracketed()).isFalse();
    assertThat(analysis.curves().get(0).optimum()).isPresent();
    assertThat(analysis.warnings())
        .anyMatch(w -> w.contains("the lowest point is the smallest or largest size"));
  }

  @Test
  void aRunThatWentWrongIsLeftOutAndSaid() {
    List<LossPoint> points = new ArrayList<>(GRID.noisy(0.001, 1));
    LossPoint wrong = points.get(10).withLoss(1.2 * points.get(10).loss());
    points.set(10, wrong);
    Analysis analysis = analyze(points);
    assertThat(analysis.residuals())
        .filteredOn(r -> r.outlier())
        .singleElement()
        .satisfies(r -> assertThat(r.point()).isEqualTo(wrong))
        .satisfies(r -> assertThat(r.curve().orElseThrow()).isCloseTo(0.18, within(0.01)));
    assertThat(analysis.warnings()).anyMatch(w -> w.startsWith("Left 1 point out of the curves"));
  }

  @Test
  void noiseThatAllButHidesTheBowlsIsSaid() {
    Analysis analysis = analyze(LawGrid.centred(LawGrid.CHINCHILLA, 5, 5, 3).noisy(0.02, 11));
    assertThat(analysis.warnings())
        .anyMatch(w -> w.startsWith("Resamples without an optimum inside the measured sizes at"));
  }

  /**
   * FLOPs per token grow as N^1.1: along a budget D falls as N^−1.1, so the optimum there has a =
   * β/(α + 1.1β) and b = α/(α + 1.1β); by 6ND the same runs have the law's own exponents.
   */
  @Test
  void exponentsFollowTheConvention(@TempDir Path folder) throws IOException {
    Law law = LawGrid.CHINCHILLA;
    StringBuilder csv = new StringBuilder("budget_flops,params,tokens,loss\n");
    for (int k = 0; k < 4; k++) {
      double c = GRID.budget(k);
      double centre = Math.exp(0.5 * Math.log(c / 6) - 1);
      for (int i = -5; i <= 5; i++) {
        double n = centre * Math.pow(1.6, i);
        double d = c / (6 * n * Math.pow(n / 1e8, 0.1));
        csv.append(c + "," + n + "," + d + "," + law.loss(n, d) + "\n");
      }
    }
    Path file = Files.writeString(folder.resolve("points.csv"), csv);
    Analysis analysis = IsoFlopAnalysis.analyze(LossPoints.read(file), SETTINGS);
    double both = law.alpha() + 1.1 * law.beta();
    Exponents stated = under(analysis, Convention.Flops.BUDGET);
    assertThat(stated.a().value()).isCloseTo(law.beta() / both, within(1e-4));
    assertThat(stated.b().value()).isCloseTo(law.alpha() / both, within(1e-4));
    assertThat(analysis.isoflop()).hasValue(stated);
    Exponents sixNd = under(analysis, Convention.Flops.SIX_ND);
    assertThat(sixNd.a().value()).isCloseTo(law.paramsExponent(), within(1e-4));
    assertThat(sixNd.b().value()).isCloseTo(law.tokensExponent(), within(1e-4));
  }

  private static Exponents under(Analysis analysis, Convention.Flops flops) {
    return analysis.conventions().entrySet().stream()
        .filter(result -> result.getKey().flops() == flops)
        .findFirst()
        .flatMap(result -> result.getValue().value())
        .orElseThrow();
  }

  @Test
  void bitsPerByteFollowTheLossWhereAllPointsConvertAlike() {
    List<LossPoint> three = LawGrid.centred(LawGrid.CHINCHILLA, 3, 5, 4).clean();
    Analysis analysis = analyze(three.stream().map(p -> withBits(p, 0.35)).toList());
    Optimum optimum = analysis.curves().get(0).optimum().orElseThrow();
    assertThat(optimum.bitsPerByte().orElseThrow())
        .isCloseTo(0.35 * optimum.loss().value(), within(1e-9));
    List<LossPoint> mixed = new ArrayList<>(three);
    mixed.set(0, withBits(three.get(0), 0.35));
    assertThat(analyze(mixed).curves().get(0).optimum().orElseThrow().bitsPerByte()).isEmpty();
  }

  private static LossPoint withBits(LossPoint p, double ratio) {
    return new LossPoint(
        p.budget(),
        p.flops(),
        p.params(),
        p.tokens(),
        p.loss(),
        OptionalDouble.of(ratio * p.loss()),
        p.lineage());
  }

  @Test
  void passesOnWhatTheReadingLeftOut() {
    Remarks remarks = new Remarks();
    remarks.note("Left out 1 row.");
    remarks.warn("Rows contradict themselves.");
    LossPoints input =
        new LossPoints(
            GRID.clean(), remarks.all(), Convention.DEFAULT, List.of(), List.of(), List.of());
    Analysis found = IsoFlopAnalysis.analyze(input, SETTINGS);
    assertThat(found.warnings()).containsExactly("Rows contradict themselves.");
    assertThat(found.notes()).containsExactly("Left out 1 row.");
  }
}
