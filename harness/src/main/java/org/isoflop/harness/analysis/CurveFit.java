package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Locale;
import org.isoflop.harness.Quantities;

/**
 * One budget's fitted loss curve that has an optimum: where it lies, and all that resampling needs.
 *
 * @param group the budget and its points
 * @param design the sizes
 * @param curve loss against ln N
 */
record CurveFit(BudgetGroup group, CurveDesign design, Parabola curve) {

  /** Three coefficients and one degree of freedom to see the noise with. */
  static final int FEWEST_SIZES = 4;

  /** Sizes closer than this, in ln N, count as one. */
  private static final double SAME_SIZE = 1e-3;

  /** Tokens closer than this, in ln D, count as one number. */
  private static final double SAME_TOKENS = 1e-3;

  /**
   * Fits the quadratic of loss on ln N by least squares (Hoffmann et al. 2022, arXiv 2203.15556,
   * section 3.2), and accepts it where it opens upward with its vertex strictly inside the measured
   * sizes.
   */
  static Fitted<CurveFit> of(BudgetGroup group) {
    String budget = Quantities.flops(group.flops());
    int sizes = distinctSizes(group.points());
    if (sizes < FEWEST_SIZES) {
      return Fitted.refused(
          String.format(
              Locale.ROOT,
              "%d different size%s at %s FLOPs; a curve and its noise need at least %d.",
              sizes,
              sizes == 1 ? "" : "s",
              budget,
              FEWEST_SIZES));
    }
    if (oneTokenCount(group.points())) {
      return Fitted.refused(
          String.format(
              "Every size at %s FLOPs saw the same %s tokens, so these runs do not trade params"
                  + " for tokens.",
              budget, Numbers.count(group.points().get(0).tokens())));
    }
    CurveDesign design = new CurveDesign(group.points());
    double[] c = design.solve(group.points().stream().mapToDouble(LossPoint::loss).toArray());
    return switch (design.shape(c)) {
      case INSIDE -> Fitted.of(new CurveFit(group, design, design.parabola(c)));
      case NO_BOTTOM ->
          Fitted.refused(
              String.format(
                  "The curve at %s FLOPs opens downward or is flat, so it has no minimum.",
                  budget));
      case BELOW -> Fitted.refused(outside(group, "below", "smallest", "smaller"));
      case ABOVE -> Fitted.refused(outside(group, "above", "largest", "larger"));
    };
  }

  private static String outside(BudgetGroup group, String side, String edge, String wanted) {
    return String.format(
        "The minimum at %s FLOPs lies %s the %s measured size, %s params; train %s ones.",
        Quantities.flops(group.flops()),
        side,
        edge,
        Numbers.count(side.equals("below") ? group.smallest() : group.largest()),
        wanted);
  }

  /** Returns how many sizes these points, sorted by params, have. */
  private static int distinctSizes(List<LossPoint> points) {
    int sizes = 1;
    double last = points.get(0).params();
    for (LossPoint point : points) {
      if (Math.log(point.params() / last) > SAME_SIZE) {
        sizes++;
        last = point.params();
      }
    }
    return sizes;
  }

  /** Returns whether all points were trained on one number of tokens. */
  static boolean oneTokenCount(List<LossPoint> points) {
    double least = points.stream().mapToDouble(LossPoint::tokens).min().orElseThrow();
    double most = points.stream().mapToDouble(LossPoint::tokens).max().orElseThrow();
    return Math.log(most / least) <= SAME_TOKENS;
  }

  /** Returns ln C. */
  double lnFlops() {
    return group.lnFlops();
  }

  /** Returns ln N*. */
  double lnParams() {
    return curve.vertex();
  }

  /** Returns ln D*. */
  double lnTokens() {
    return design.lnTokens(curve.vertex());
  }

  /** Returns the fitted loss at every point. */
  double[] fittedLosses() {
    return group.points().stream().mapToDouble(p -> curve.loss(p.params())).toArray();
  }
}
