package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole analysis, on surfaces whose optima are known. */
final class IsoFlopAnalysisTest {

  private static final AnalysisSettings SETTINGS = new AnalysisSettings(5, 300);
  private static final double[] BUDGETS = Surfaces.budgets(1e17, 4, 5);

  private static Analysis analyze(List<LossPoint> points) {
    return IsoFlopAnalysis.analyze(points, SETTINGS);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.35, 0.5, 0.73})
  void findsTheExponentsOfExactBowls(double a) {
    Analysis analysis = analyze(Surfaces.sampleBowls(a, BUDGETS, 7, 6));
    Exponents found = analysis.isoflop().orElseThrow();
    assertThat(found.a()).isCloseTo(a, within(1e-10));
    assertThat(found.b()).isCloseTo(1 - a, within(1e-10));
    assertThat(found.aInterval().high() - found.aInterval().low()).isLessThan(1e-6);
    assertThat(analysis.local()).hasSize(4);
    assertThat(analysis.local())
        .allSatisfy(local -> assertThat(local.a()).isCloseTo(a, within(1e-9)));
    for (BudgetCurve curve : analysis.curves()) {
      Optimum optimum = curve.optimum().orElseThrow();
      double params = 0.1 * Math.pow(curve.budget(), a);
      assertThat(optimum.params() / params).isCloseTo(1, within(1e-8));
      assertThat(optimum.tokens() * params * 6 / curve.budget()).isCloseTo(1, within(1e-8));
      assertThat(optimum.loss()).isCloseTo(10 * Math.pow(curve.budget(), -0.03), within(1e-10));
    }
    assertThat(analysis.warnings()).isEmpty();
  }

  @Test
  void theFrontierRunsOverTheMeasuredRangeInsideItsBand() {
    Analysis analysis =
        analyze(
            Surfaces.noisy(
                Surfaces.sampleBowls(0.5, BUDGETS, 7, 6), 0.003, new SplittableRandom(3)));
    List<FrontierPoint> frontier = analysis.frontier();
    assertThat(frontier).hasSize(40);
    assertThat(frontier.get(0).budget()).isEqualTo(BUDGETS[0]);
    assertThat(frontier.get(39).budget() / BUDGETS[4]).isCloseTo(1, within(1e-12));
    assertThat(frontier)
        .allSatisfy(
            point -> {
              assertThat(point.params())
                  .isBetween(point.paramsInterval().low(), point.paramsInterval().high());
              assertThat(point.tokens())
                  .isBetween(point.tokensInterval().low(), point.tokensInterval().high());
              assertThat(point.params() * point.tokens() * 6 / point.budget())
                  .isCloseTo(1, within(1e-9));
            });
    double middle = relativeWidth(frontier.get(20));
    assertThat(relativeWidth(frontier.get(0))).isGreaterThan(middle);
    assertThat(relativeWidth(frontier.get(39))).isGreaterThan(middle);
  }

  private static double relativeWidth(FrontierPoint point) {
    return point.paramsInterval().high() / point.paramsInterval().low();
  }

  @Test
  void twoBudgetsGiveALocalExponentOnly() {
    Analysis analysis = analyze(Surfaces.sampleBowls(0.5, Surfaces.budgets(1e17, 10, 2), 5, 4));
    assertThat(analysis.isoflop()).isEmpty();
    assertThat(analysis.refused().orElseThrow()).startsWith("Only two budgets have an optimum");
    assertThat(analysis.local())
        .singleElement()
        .satisfies(local -> assertThat(local.a()).isCloseTo(0.5, within(1e-9)));
    assertThat(analysis.frontier()).isEmpty();
    assertThat(analysis.warnings()).anyMatch(w -> w.startsWith("2 of 2 budgets have an optimum"));
  }

  @Test
  void oneBudgetGivesAnOptimumOnly() {
    Analysis analysis = analyze(Surfaces.sampleBowls(0.5, new double[] {1e17}, 5, 4));
    assertThat(analysis.curves().get(0).optimum()).isPresent();
    assertThat(analysis.local()).isEmpty();
    assertThat(analysis.refused().orElseThrow()).startsWith("Only one budget has an optimum");
  }

  @Test
  void aSinglePointIsRefusedAndNotACrash() {
    Analysis analysis = analyze(List.of(Surfaces.point(1e17, 1e7, 1e9, 3)));
    assertThat(analysis.curves().get(0).refused()).isPresent();
    assertThat(analysis.refused()).isPresent();
  }

  @Test
  void oneNumberOfTokensEverywhereHasNoExponents() {
    List<LossPoint> points = new ArrayList<>();
    for (double n = 1e6; n < 1e8; n *= 1.6) {
      points.add(Surfaces.point(6e9 * n, n, 1e9, 2 + 100 / Math.sqrt(n)));
    }
    Analysis analysis = analyze(points);
    assertThat(analysis.refused().orElseThrow())
        .isEqualTo(
            "Every point was trained on 1B tokens; exponents need sizes that trade params for"
                + " tokens at equal compute.");
    assertThat(analysis.curves()).allMatch(curve -> curve.refused().isPresent());
  }

  @Test
  void aRefusedBudgetIsLeftOutOfTheLine() {
    List<LossPoint> points = new ArrayList<>(Surfaces.sampleBowls(0.5, BUDGETS, 7, 6));
    points.removeIf(
        point ->
            point.budget() == BUDGETS[2] && point.params() > 0.1 * Math.sqrt(BUDGETS[2]) / 1.5);
    Analysis analysis = analyze(points);
    assertThat(analysis.curves().get(2).refused()).isPresent();
    assertThat(analysis.isoflop().orElseThrow().a()).isCloseTo(0.5, within(1e-10));
    assertThat(analysis.local()).extracting(LocalExponent::to).contains(BUDGETS[3]);
    assertThat(analysis.local()).extracting(LocalExponent::from).doesNotContain(BUDGETS[2]);
  }

  @Test
  void aFrontierThatBendsIsSaid() {
    List<LossPoint> points = new ArrayList<>();
    double[] low = Surfaces.budgets(1e16, 4, 3);
    double[] high = Surfaces.budgets(1e16 * 64, 4, 3);
    points.addAll(Surfaces.sampleBowls(0.8, low, 7, 4));
    double shift = Math.pow(low[2], 0.4);
    for (LossPoint p : Surfaces.sampleBowls(0.4, high, 7, 4)) {
      points.add(Surfaces.point(p.budget(), p.params() * shift, p.tokens() / shift, p.loss()));
    }
    List<LossPoint> noisy = Surfaces.noisy(points, 0.0005, new SplittableRandom(2));
    assertThat(analyze(noisy).warnings())
        .anyMatch(w -> w.startsWith("Local exponents disagree with the global line"))
        .anyMatch(w -> w.startsWith("The optima scatter about the line"));
  }

  @Test
  void shortRangesOptimaAtAnEdgeAndOtherComputeAreSaid() {
    double[] budgets = Surfaces.budgets(1e17, 3, 3);
    double[] centres =
        Stream.of(1e17, 3e17, 9e17)
            .mapToDouble(c -> Math.log(0.1 * Math.sqrt(c)) + 0.7 * Math.log(4))
            .toArray();
    List<LossPoint> points =
        Surfaces.sample(Surfaces.bowls(0.5, 0.1), budgets, centres, 7, 4).stream()
            .map(p -> Surfaces.point(p.budget(), p.params(), 0.8 * p.tokens(), p.loss()))
            .toList();
    Analysis analysis = analyze(points);
    assertThat(analysis.warnings())
        .anyMatch(w -> w.startsWith("The optima span 1.0 decades"))
        .anyMatch(w -> w.contains("the optimum lies near the edge"))
        .anyMatch(w -> w.contains("At 21 of 21 points 6ND is not the stated budget (0.80 to 0.80"));
    assertThat(analysis.warnings()).allMatch(w -> w.endsWith("."));
  }

  @Test
  void exponentsAddUpToLessThanOneWhereComputePerTokenGrowsFaster() {
    // FLOPs per token ∝ N^1.1 instead of 6N: at a budget, D falls as N^−1.1.
    List<LossPoint> points =
        Surfaces.sampleBowls(0.5, BUDGETS, 7, 6).stream()
            .map(
                p ->
                    Surfaces.point(
                        p.budget(), p.params(), p.budget() / Math.pow(p.params(), 1.1), p.loss()))
            .toList();
    Exponents found = analyze(points).isoflop().orElseThrow();
    assertThat(found.a()).isCloseTo(0.5, within(1e-9));
    assertThat(found.b()).isCloseTo(1 - 1.1 * 0.5, within(1e-9));
  }

  @Test
  void bitsPerByteFollowTheLossWhereAllPointsConvertAlike() {
    List<LossPoint> bowls = Surfaces.sampleBowls(0.5, BUDGETS, 5, 4);
    Analysis analysis = analyze(bowls.stream().map(p -> withBits(p, 0.35)).toList());
    Optimum optimum = analysis.curves().get(0).optimum().orElseThrow();
    assertThat(optimum.bitsPerByte().orElseThrow()).isCloseTo(0.35 * optimum.loss(), within(1e-9));
    List<LossPoint> mixed = new ArrayList<>(bowls);
    mixed.set(0, withBits(bowls.get(0), 0.35));
    assertThat(analyze(mixed).curves().get(0).optimum().orElseThrow().bitsPerByte()).isEmpty();
  }

  private static LossPoint withBits(LossPoint p, double ratio) {
    return new LossPoint(
        p.budget(), p.params(), p.tokens(), p.loss(), OptionalDouble.of(ratio * p.loss()), "own");
  }

  @Test
  void passesOnWhatTheReadingLeftOutAndRefusesNothing() {
    LossPoints input =
        new LossPoints(Surfaces.sampleBowls(0.5, BUDGETS, 5, 4), List.of("Left out 1 row."));
    assertThat(IsoFlopAnalysis.analyze(input, SETTINGS).warnings())
        .containsExactly("Left out 1 row.");
    assertThatExceptionOfType(BadInputException.class).isThrownBy(() -> analyze(List.of()));
  }
}
