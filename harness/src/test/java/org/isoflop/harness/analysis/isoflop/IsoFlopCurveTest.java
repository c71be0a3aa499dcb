package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.univariate.BrentOptimizer;
import org.hipparchus.optim.univariate.SearchInterval;
import org.hipparchus.optim.univariate.UnivariateObjectiveFunction;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a curve has its bottom, against the closed form and against a search. */
final class IsoFlopCurveTest {

  private static final double BUDGET = 1e18;

  /** Returns points whose models cost so many FLOPs per token; the losses do not matter. */
  private static BudgetPoints points(DoubleUnaryOperator flopsPerToken) {
    List<LossPoint> points = new ArrayList<>();
    for (double n = 1e7; n < 2e8; n *= 1.4) {
      points.add(LossPoint.of(BUDGET, n, BUDGET / flopsPerToken.applyAsDouble(n), 3));
    }
    return BudgetPoints.of(BudgetGroup.of(points).get(0)).value().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"0.35, 0.37, 0.6, 0.5", "0.6, 0.2, 0.1, 0.9", "0.2, 0.6, 2, 1", "1, 1, 0.01, 0.03"})
  void followsTheClosedFormAtSixNd(double alpha, double beta, double p, double q) {
    IsoFlopCurve curve =
        new IsoFlopCurve(points(n -> 6 * n), new CurveModel.Shape(alpha, beta, 0), 2, p, q);
    double expected = Math.log(alpha * p / (beta * q)) / (alpha + beta);
    assertThat(curve.bottom()).isCloseTo(expected, within(1e-9));
    assertThat(curve.lossAt(expected))
        .isCloseTo(
            2 + p * Math.exp(-alpha * expected) + q * Math.exp(beta * expected), within(1e-9));
  }

  @Test
  void isWhereASearchFindsItWhereComputeIsNotSixNd() {
    // Head and embedding of a 32k vocabulary at width ~ N^(1/3): FLOPs per token bend in ln N.
    BudgetPoints points = points(n -> 6 * (n + 64000 * Math.cbrt(n)));
    IsoFlopCurve curve = new IsoFlopCurve(points, new CurveModel.Shape(0.35, 0.37, 0), 2, 0.6, 0.5);
    double searched =
        new BrentOptimizer(1e-10, 1e-12)
            .optimize(
                new MaxEval(500),
                GoalType.MINIMIZE,
                new UnivariateObjectiveFunction(curve::lossAt),
                new SearchInterval(-3, 3))
            .getPoint();
    assertThat(curve.bottom()).isCloseTo(searched, within(1e-5));
    double sixNd = Math.log(0.35 * 0.6 / (0.37 * 0.5)) / 0.72;
    assertThat(Math.abs(searched - sixNd)).isGreaterThan(0.01);
  }

  @Test
  void runsAwayWhereOneTermDoesNotCost() {
    BudgetPoints points = points(n -> 6 * n);
    CurveModel.Shape shape = new CurveModel.Shape(0.3, 0.3, 0);
    assertThat(new IsoFlopCurve(points, shape, 0, 1, 0).bottom())
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(new IsoFlopCurve(points, shape, 0, -1, 1).bottom())
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(new IsoFlopCurve(points, shape, 0, -1, -1).bottom()).isNaN();
  }

  @Test
  void trueOptimaAreThoseOfTheLaw() {
    Law law = LawGrid.STEEP_IN_TOKENS;
    List<LnOptimum> optima = LnOptimum.byLaw(new LawGrid(law, 4, 7, 6, 0.5, 0.3).clean(), law);
    assertThat(optima).hasSize(4);
    for (LnOptimum optimum : optima) {
      assertThat(optimum.lnParams())
          .isCloseTo(Math.log(law.optimalParams(optimum.budget())), within(1e-9));
      assertThat(optimum.lnTokens())
          .isCloseTo(Math.log(law.optimalTokens(optimum.budget())), within(1e-9));
      assertThat(optimum.lnFlops()).isCloseTo(Math.log(optimum.budget()), within(1e-9));
    }
  }
}
