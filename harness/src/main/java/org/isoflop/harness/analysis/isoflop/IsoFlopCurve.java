package org.isoflop.harness.analysis.isoflop;

import java.util.Optional;
import org.hipparchus.analysis.solvers.UnivariateSolverUtils;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * One budget's loss curve e + p·N^−alpha + q·D^−beta about its points' centre: the form of the
 * parametric law with terms of the budget's own. A parabola is its limit for small exponents;
 * unlike one it is asymmetric and flattens, as measured curves do.
 */
record IsoFlopCurve(BudgetPoints points, CurveModel.Shape shape, double e, double p, double q) {

  private static final int NEWTON_STEPS = 50;
  private static final double CLOSE = 1e-13;

  /** A relative rise of the loss below this is rounding. */
  private static final double FLAT = 1e-9;

  /** Returns the loss at x along the budget, nats per token. */
  double lossAt(double x) {
    return lossAt(x, points.d(x));
  }

  /** Returns the loss at a point's own N and D, nats per token. */
  double lossOf(int point) {
    return lossAt(points.x(point), points.d(point));
  }

  /** Returns the loss at x and d, nats per token. */
  double lossAt(double x, double d) {
    return e + p * Math.exp(-shape.alpha() * x) + q * Math.exp(-shape.beta() * d);
  }

  /**
   * Returns x where more params cost as much loss as the tokens they displace would save; negative
   * infinity where fewer params are always better, positive infinity where more are, and NaN where
   * there is no bottom.
   */
  double bottom() {
    if (!(p > 0) || !(q > 0)) {
      return p > 0 ? Double.POSITIVE_INFINITY : q > 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    double alpha = shape.alpha();
    double beta = shape.beta();
    double balance = Math.log(alpha * p) - Math.log(beta * q);
    double x = 0;
    for (int i = 0; i < NEWTON_STEPS; i++) {
      double trade = points.tradeSlope(x);
      double pull = balance - alpha * x + beta * points.d(x) - Math.log(-trade);
      double slope = -alpha + beta * points.tokensSlope(x);
      double step = pull / slope;
      x -= step;
      if (!(Math.abs(x) < 100)) {
        return x > 0 ? Double.POSITIVE_INFINITY : x < 0 ? Double.NEGATIVE_INFINITY : Double.NaN;
      }
      if (Math.abs(step) < CLOSE) {
        break;
      }
    }
    return x;
  }

  /**
   * Returns why the curve shows no optimum, if it shows none. Where outliers were left out, three
   * sizes will do: the other budgets have its shape and the noise.
   *
   * @param kept the points that it is of, ascending; at least one
   */
  Optional<String> refusal(int[] kept) {
    int sizes = points.only(kept).sizes();
    if (sizes < CurveModel.COEFFICIENTS) {
      return Optional.of(
          Quantities.format(
              "Without its outliers only %d sizes are left at %s FLOPs; a curve needs at least %d.",
              sizes, Quantities.flops(points.flops()), CurveModel.COEFFICIENTS));
    }
    double bottom = bottom();
    if (Double.isNaN(bottom)) {
      return Optional.of(points.noBottom());
    }
    if (bottom <= points.x(kept[0]) || bottom >= points.x(kept[kept.length - 1])) {
      return Optional.of(points.outside(bottom));
    }
    double rise = Math.max(lossAt(points.lowest()), lossAt(points.highest())) - lossAt(bottom);
    return rise > FLAT * lossAt(bottom) ? Optional.empty() : Optional.of(points.noBottom());
  }

  /**
   * Returns the x about the bottom, within the measured sizes, where the loss is above its minimum
   * by no more than a share.
   */
  Interval within(double share) {
    double bottom = bottom();
    double most = lossAt(bottom) * (1 + share);
    return new Interval(
        edge(bottom, Math.min(bottom, points.lowest()), most),
        edge(bottom, Math.max(bottom, points.highest()), most));
  }

  private double edge(double inside, double outside, double most) {
    return lossAt(outside) <= most
        ? outside
        : UnivariateSolverUtils.solve(
            x -> lossAt(x) - most, Math.min(inside, outside), Math.max(inside, outside), CLOSE);
  }
}
