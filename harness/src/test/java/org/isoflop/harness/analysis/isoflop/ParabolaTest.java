package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.isoflop.harness.analysis.isoflop.ParabolaFit.Parabola;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.junit.jupiter.api.Test;

/** One budget's raw parabola: where it has an optimum, and why it has none. */
final class ParabolaTest {

  private static final double BUDGET = 6e18;

  /** Samples a loss of ln N at these sizes, with D = C/6N. */
  private static Fitted<Parabola> fit(DoubleUnaryOperator loss, double... sizes) {
    List<LossPoint> points = new ArrayList<>();
    for (double n : sizes) {
      points.add(LossPoint.of(BUDGET, n, BUDGET / (6 * n), loss.applyAsDouble(Math.log(n))));
    }
    Fitted<BudgetPoints> prepared = BudgetPoints.of(BudgetGroup.of(points).get(0));
    return prepared.value().isPresent()
        ? Parabola.of(prepared.value().get())
        : Fitted.refused(prepared.refused().orElseThrow());
  }

  private static DoubleUnaryOperator bowl(double params, double curvature) {
    return x -> 3 + curvature * Math.pow(x - Math.log(params), 2);
  }

  private static Optional<String> refused(DoubleUnaryOperator loss, double... sizes) {
    return fit(loss, sizes).refused();
  }

  @Test
  void findsTheBottomOfAnExactParabola() {
    Parabola found = fit(bowl(1.23e8, 0.07), 3e7, 6e7, 1.2e8, 2.4e8, 4.8e8).value().orElseThrow();
    assertThat(Math.exp(found.optimum().lnParams())).isCloseTo(1.23e8, within(1.0));
    assertThat(found.fit().c2()).isCloseTo(0.07, within(1e-12));
    assertThat(found.optimum().loss()).isCloseTo(3, within(1e-12));
    assertThat(Math.exp(found.optimum().lnTokens())).isCloseTo(1e18 / 1.23e8, within(100.0));
  }

  @Test
  void readsTokensFromThePointsWhereComputeIsNotSixNd() {
    // Head and embedding of a 32k vocabulary at width ~ N^(1/3): FLOPs per token bend in ln N.
    DoubleUnaryOperator flopsPerToken = n -> 6 * (n + 32000 * 2 * Math.cbrt(n));
    List<LossPoint> points = new ArrayList<>();
    for (double n = 1e6; n < 20e6; n *= 1.5) {
      double tokens = 1e15 / flopsPerToken.applyAsDouble(n);
      points.add(LossPoint.of(1e15, n, tokens, bowl(5e6, 0.1).applyAsDouble(Math.log(n))));
    }
    BudgetPoints budget = BudgetPoints.all(points).get(0);
    Parabola found = Parabola.of(budget).value().orElseThrow();
    double exact = 1e15 / flopsPerToken.applyAsDouble(5e6);
    assertThat(Math.exp(found.optimum().lnTokens()) / exact).isCloseTo(1, within(2e-3));
    assertThat(found.optimum().lnFlops()).isCloseTo(Math.log(1e15), within(1e-9));
    assertThat(1e15 / 6 / 5e6 / exact).isGreaterThan(2);
  }

  @Test
  void seedRepeatsAreNotSizes() {
    assertThat(refused(bowl(2e8, 0.1), 1e8, 1e8, 2e8, 2e8, 4e8))
        .hasValue("3 different sizes at 6e18 FLOPs; a curve and its noise need at least 4.");
    assertThat(refused(bowl(2e8, 0.1), 1e8))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("1 different size at"));
  }

  @Test
  void refusesACurveThatOpensDownwardOrIsFlat() {
    double[] sizes = {1e8, 2e8, 3e8, 4e8, 5e8};
    String reason = "The curve at 6e18 FLOPs opens downward or is flat, so it has no minimum.";
    assertThat(refused(bowl(2e8, -0.1), sizes)).hasValue(reason);
    assertThat(refused(x -> 3, sizes)).hasValue(reason);
    assertThat(refused(x -> 30 - x, sizes)).hasValue(reason);
  }

  @Test
  void refusesAMinimumOutsideTheMeasuredSizes() {
    assertThat(refused(bowl(5e7, 0.1), 1e8, 2e8, 3e8, 4e8))
        .hasValue(
            "The minimum at 6e18 FLOPs lies below the smallest measured size, 100M params; train"
                + " smaller ones.");
    assertThat(refused(bowl(5e8, 0.1), 1e8, 2e8, 3e8, 4e8))
        .hasValue(
            "The minimum at 6e18 FLOPs lies above the largest measured size, 400M params; train"
                + " larger ones.");
  }
}
