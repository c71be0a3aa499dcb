package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be answered gets one sentence, and never a number that looks like an answer. */
final class RefusalTest {

  private static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.AUTO, new Resampling(3, 100));
  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 4, 7, 6);

  @TempDir private Path folder;

  /** Analyses, and reads what is written for programs and people. */
  private Analysis analyze(List<LossPoint> points) throws IOException {
    Analysis analysis = IsoFlopAnalysis.analyze(points, SETTINGS);
    assertThat(AnalysisSummary.text(analysis)).isNotBlank().doesNotContain("NaN");
    AnalysisFiles.write(analysis, folder);
    JsonNode root = new ObjectMapper().readTree(folder.resolve("analysis.json").toFile());
    assertThat(root.get("points").asInt()).isEqualTo(analysis.points());
    return analysis;
  }

  /** Checks that no method has exponents from optima, and returns the headline's reason. */
  private static String refused(Analysis analysis) {
    assertThat(analysis.isoflop()).isEmpty();
    assertThat(analysis.exponents(Method.PARABOLA)).isEmpty();
    assertThat(analysis.exponents(Method.PARABOLA_CORRECTED)).isEmpty();
    assertThat(analysis.top()).isEmpty();
    assertThat(analysis.part(Part.WINDOWS)).isEmpty();
    assertThat(analysis.methods().values())
        .allSatisfy(all -> all.refused().ifPresent(why -> assertThat(why).endsWith(".")));
    return analysis.refused(Method.ISOFLOP).orElseThrow();
  }

  private static List<LossPoint> withLoss(UnaryOperator<LossPoint> change) {
    return GRID.clean().stream().map(change).toList();
  }

  @Test
  void noPoint() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> IsoFlopAnalysis.analyze(List.of(), SETTINGS))
        .withMessage("no loss points to analyse; give at least one finished run");
  }

  @Test
  void onePoint() throws IOException {
    Analysis analysis = analyze(GRID.clean().subList(0, 1));
    refused(analysis);
    assertThat(analysis.curves().get(0).refused().orElseThrow())
        .isEqualTo("1 different size at 1e18 FLOPs; a curve and its noise need at least 4.");
    assertThat(analysis.law()).isEmpty();
    assertThat(analysis.frontier().drawn()).isEmpty();
  }

  @Test
  void oneBudgetHasAnOptimumOnly() throws IOException {
    Analysis analysis = analyze(LawGrid.centred(LawGrid.CHINCHILLA, 1, 7, 6).clean());
    assertThat(refused(analysis))
        .isEqualTo("Only one budget has an optimum; global exponents need at least 3.");
    assertThat(analysis.curves().get(0).optimum().orElseThrow().params().value())
        .isCloseTo(LawGrid.CHINCHILLA.optimalParams(1e18), within(1e3));
    assertThat(analysis.part(Part.LOCAL)).isEmpty();
  }

  @Test
  void twoBudgetsHaveALocalExponentOnly() throws IOException {
    Analysis analysis = analyze(LawGrid.centred(LawGrid.CHINCHILLA, 2, 7, 6).clean());
    assertThat(refused(analysis)).startsWith("Only two budgets have an optimum");
    assertThat(analysis.part(Part.LOCAL)).hasSize(1);
    assertThat(analysis.part(Part.LOCAL).get(0).exponents().a().value())
        .isCloseTo(LawGrid.CHINCHILLA.paramsExponent(), within(1e-4));
  }

  @Test
  void minimaOutsideTheMeasuredSizes() throws IOException {
    Analysis small = analyze(new LawGrid(LawGrid.CHINCHILLA, 4, 7, 3, -2, 0).clean());
    assertThat(refused(small)).isEqualTo("No budget has an optimum, so there are no exponents.");
    assertThat(small.curves())
        .allSatisfy(
            curve ->
                assertThat(curve.refused().orElseThrow())
                    .contains("lies above the largest measured size")
                    .endsWith("train larger ones."));
    Analysis large = analyze(new LawGrid(LawGrid.CHINCHILLA, 4, 7, 3, 2, 0).clean());
    refused(large);
    assertThat(large.curves())
        .allSatisfy(
            curve ->
                assertThat(curve.refused().orElseThrow())
                    .contains("lies below the smallest measured size")
                    .endsWith("train smaller ones."));
  }

  @Test
  void oneNumberOfTokensEverywhere() throws IOException {
    List<LossPoint> points = new ArrayList<>();
    for (double n = 1e6; n < 1e8; n *= 1.6) {
      points.add(LossPoint.of(6e9 * n, n, 1e9, LawGrid.CHINCHILLA.loss(n, 1e9)));
    }
    Analysis analysis = analyze(points);
    assertThat(refused(analysis))
        .isEqualTo(
            "Every point was trained on 1B tokens; exponents need sizes that trade params for"
                + " tokens at equal compute.");
    assertThat(analysis.law()).isEmpty();
    assertThat(analysis.exponents(Method.PARAMETRIC)).isEmpty();
  }

  @Test
  void oneBudgetAtOneNumberOfTokens() throws IOException {
    List<LossPoint> points = new ArrayList<>();
    for (double n = 1e8; n < 9e8; n *= 1.5) {
      points.add(LossPoint.of(1e18, n, 1e9, LawGrid.CHINCHILLA.loss(n, 1e9)));
    }
    Analysis analysis = analyze(points);
    refused(analysis);
    assertThat(analysis.curves().get(0).refused().orElseThrow()).contains("saw the same 1B tokens");
  }

  @Test
  void threeSizesABudget() throws IOException {
    Analysis analysis = analyze(LawGrid.centred(LawGrid.CHINCHILLA, 4, 3, 4).clean());
    refused(analysis);
    assertThat(analysis.curves())
        .allSatisfy(
            curve -> assertThat(curve.refused().orElseThrow()).startsWith("3 different sizes at"));
  }

  @Test
  void repeatedRowsAreNotMoreRuns() throws IOException {
    List<LossPoint> points = new ArrayList<>(LawGrid.centred(LawGrid.CHINCHILLA, 4, 3, 4).clean());
    points.addAll(List.copyOf(points));
    Analysis analysis = analyze(points);
    assertThat(analysis.points()).isEqualTo(12);
    refused(analysis);
  }

  @Test
  void flatCurves() throws IOException {
    Analysis analysis = analyze(withLoss(p -> p.withLoss(3)));
    refused(analysis);
    assertThat(analysis.law()).isEmpty();
  }

  /** The rounding of a flat curve must not be taken for a bowl, at any loss. */
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7, 8, 9, 10, 11})
  void flatCurvesAtAnyLoss(int sizes) {
    List<LossPoint> grid = LawGrid.centred(LawGrid.CHINCHILLA, 4, sizes, 6).clean();
    for (double loss : new double[] {1.1, 1.7, 2.3, 2.9, 3.3, 4.7, 6.1}) {
      List<LossPoint> flat = grid.stream().map(p -> p.withLoss(loss)).toList();
      assertThat(new RobustFit().fit(flat).value()).isEmpty();
      assertThat(new ParabolaFit().fit(flat).value()).isEmpty();
      RobustIsoFlop found =
          RobustIsoFlop.of(flat, Optional.empty(), IntervalScheme.AUTO, SETTINGS.resampling());
      assertThat(found.curves())
          .allSatisfy(curve -> assertThat(curve.refused().orElseThrow()).contains("minimum"));
    }
  }

  @Test
  void curvesUpsideDown() throws IOException {
    Analysis analysis = analyze(withLoss(p -> p.withLoss(6 - p.loss())));
    refused(analysis);
    assertThat(analysis.curves())
        .allSatisfy(
            curve ->
                assertThat(curve.refused().orElseThrow()).contains("opens downward or is flat"));
  }

  @Test
  void noiseFarAboveTheBowl() throws IOException {
    for (long seed = 0; seed < 3; seed++) {
      Analysis analysis = analyze(GRID.noisy(0.3, seed));
      // Where the noise happens to look like bowls, the interval must say how little that means.
      analysis
          .isoflop()
          .ifPresent(
              found -> {
                double width = found.a().interval().high() - found.a().interval().low();
                assertThat(width).isGreaterThan(0.3);
              });
      for (BudgetCurve curve : analysis.curves()) {
        curve.refused().ifPresent(reason -> assertThat(reason).endsWith("."));
      }
    }
  }

  @Test
  void aBudgetThatIsRefusedIsLeftOutOfTheLine() throws IOException {
    double third = GRID.budget(2);
    double best = LawGrid.CHINCHILLA.optimalParams(third);
    LawGrid five = LawGrid.centred(LawGrid.CHINCHILLA, 5, 9, 6);
    List<LossPoint> points =
        five.clean().stream().filter(p -> p.budget() != third || p.params() < best / 1.2).toList();
    Analysis analysis = analyze(points);
    assertThat(IntStream.range(0, 5).filter(k -> analysis.curves().get(k).refused().isPresent()))
        .containsExactly(2);
    assertThat(analysis.isoflop().orElseThrow().a().value())
        .isCloseTo(LawGrid.CHINCHILLA.paramsExponent(), within(1e-4));
    assertThat(analysis.part(Part.LOCAL))
        .hasSize(3)
        .allMatch(l -> l.from() != third && l.to() != third);
  }
}
