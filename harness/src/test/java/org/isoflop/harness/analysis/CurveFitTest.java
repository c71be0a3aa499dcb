package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** One budget's curve: where it has an optimum, and why it has none. */
final class CurveFitTest {

  private static final double BUDGET = 6e18;

  /** Samples a loss of ln N at these sizes, with D = C/6N. */
  private static Fitted<CurveFit> fit(DoubleUnaryOperator loss, double... sizes) {
    List<LossPoint> points = new ArrayList<>();
    for (double n : sizes) {
      points.add(Surfaces.point(BUDGET, n, BUDGET / (6 * n), loss.applyAsDouble(Math.log(n))));
    }
    return CurveFit.of(BudgetGroup.of(points).get(0));
  }

  private static DoubleUnaryOperator bowl(double params, double curvature) {
    return x -> 3 + curvature * Math.pow(x - Math.log(params), 2);
  }

  @Test
  void findsTheBottomOfAnExactParabola() {
    CurveFit curve = fit(bowl(1.23e8, 0.07), 3e7, 6e7, 1.2e8, 2.4e8, 4.8e8).value().orElseThrow();
    assertThat(Math.exp(curve.lnParams())).isCloseTo(1.23e8, within(1.0));
    assertThat(curve.curve().curvature()).isCloseTo(0.07, within(1e-12));
    assertThat(curve.curve().minimum()).isCloseTo(3, within(1e-12));
    assertThat(Math.exp(curve.lnTokens())).isCloseTo(1e18 / 1.23e8, within(100.0));
  }

  @Test
  void readsTokensFromThePointsWhereComputeIsNotSixNd() {
    // Head and embedding of a 32k vocabulary at width ~ N^(1/3): FLOPs per token bend in ln N.
    DoubleUnaryOperator flopsPerToken = n -> 6 * (n + 32000 * 2 * Math.cbrt(n));
    List<LossPoint> points = new ArrayList<>();
    for (double n = 1e6; n < 20e6; n *= 1.5) {
      double tokens = 1e15 / flopsPerToken.applyAsDouble(n);
      points.add(Surfaces.point(1e15, n, tokens, bowl(5e6, 0.1).applyAsDouble(Math.log(n))));
    }
    CurveFit curve = CurveFit.of(BudgetGroup.of(points).get(0)).value().orElseThrow();
    double exact = 1e15 / flopsPerToken.applyAsDouble(5e6);
    assertThat(Math.exp(curve.lnTokens()) / exact).isCloseTo(1, within(2e-3));
    assertThat(1e15 / 6 / 5e6 / exact).isGreaterThan(2);
  }

  @Test
  void seedRepeatsAreNotSizes() {
    assertThat(fit(bowl(2e8, 0.1), 1e8, 1e8, 2e8, 2e8, 4e8).refused())
        .hasValue("3 different sizes at 6e18 FLOPs; a curve and its noise need at least 4.");
    assertThat(fit(bowl(2e8, 0.1), 1e8).refused())
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("1 different size at"));
  }

  @Test
  void refusesACurveThatOpensDownwardOrIsFlat() {
    double[] sizes = {1e8, 2e8, 3e8, 4e8, 5e8};
    String reason = "The curve at 6e18 FLOPs opens downward or is flat, so it has no minimum.";
    assertThat(fit(bowl(2e8, -0.1), sizes).refused()).hasValue(reason);
    assertThat(fit(x -> 3, sizes).refused()).hasValue(reason);
    assertThat(fit(x -> 30 - x, sizes).refused()).hasValue(reason);
  }

  @Test
  void refusesAMinimumOutsideTheMeasuredSizes() {
    assertThat(fit(bowl(5e7, 0.1), 1e8, 2e8, 3e8, 4e8).refused())
        .hasValue(
            "The minimum at 6e18 FLOPs lies below the smallest measured size, 100M params; train"
                + " smaller ones.");
    assertThat(fit(bowl(5e8, 0.1), 1e8, 2e8, 3e8, 4e8).refused())
        .hasValue(
            "The minimum at 6e18 FLOPs lies above the largest measured size, 400M params; train"
                + " larger ones.");
  }

  @Test
  void refusesSizesThatAllSawTheSameTokens() {
    List<LossPoint> points = new ArrayList<>();
    for (double n : new double[] {1e8, 2e8, 3e8, 4e8}) {
      points.add(Surfaces.point(BUDGET, n, 1e9, bowl(2e8, 0.1).applyAsDouble(Math.log(n))));
    }
    assertThat(CurveFit.of(BudgetGroup.of(points).get(0)).refused())
        .hasValueSatisfying(reason -> assertThat(reason).contains("saw the same 1B tokens"));
  }

  @Test
  void theLowestPointDecidesWhetherACurveIsBracketed() {
    // A dip at the smallest size; the parabola still has its vertex inside.
    double[] loss = {2.90, 3.02, 2.95, 2.93, 3.00, 3.20};
    List<LossPoint> points = new ArrayList<>();
    for (int i = 0; i < loss.length; i++) {
      double n = 1e8 * Math.pow(2, i);
      points.add(Surfaces.point(BUDGET, n, BUDGET / 6 / n, loss[i]));
    }
    BudgetGroup group = BudgetGroup.of(points).get(0);
    assertThat(group.bracketed()).isFalse();
    assertThat(CurveFit.of(group).value()).isPresent();
    Analysis analysis = IsoFlopAnalysis.analyze(points, AnalysisSettings.defaults());
    assertThat(analysis.curves().get(0).bracketed()).isFalse();
    assertThat(analysis.warnings())
        .anyMatch(w -> w.contains("the lowest point is the smallest or largest size"));
  }
}
