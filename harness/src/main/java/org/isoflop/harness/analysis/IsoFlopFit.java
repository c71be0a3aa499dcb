package org.isoflop.harness.analysis;

import java.util.List;

/**
 * The IsoFLOP method: a parabola at every budget, then a straight line through the optima on
 * logarithmic axes (Hoffmann et al. 2022, arXiv 2203.15556, section 3.2, "approach 2").
 */
final class IsoFlopFit implements FrontierFit {

  /** Two optima always lie on a line, and say nothing about how far to trust it. */
  static final int FEWEST_BUDGETS = 3;

  @Override
  public Fitted<Frontier> fit(List<LossPoint> points) {
    if (points.isEmpty()) {
      return Fitted.refused("There are no loss points.");
    }
    List<Fitted<CurveFit>> curves = BudgetGroup.of(points).stream().map(CurveFit::of).toList();
    return through(points, curves.stream().flatMap(curve -> curve.value().stream()).toList());
  }

  private static Fitted<Frontier> through(List<LossPoint> points, List<CurveFit> curves) {
    if (CurveFit.oneTokenCount(points)) {
      return Fitted.refused(
          "Every point was trained on "
              + Numbers.count(points.get(0).tokens())
              + " tokens; exponents need sizes that trade params for tokens at equal compute.");
    }
    if (curves.size() < FEWEST_BUDGETS) {
      return Fitted.refused(tooFew(curves.size()));
    }
    double[] lnFlops = curves.stream().mapToDouble(CurveFit::lnFlops).toArray();
    double[] lnParams = curves.stream().mapToDouble(CurveFit::lnParams).toArray();
    double[] lnTokens = curves.stream().mapToDouble(CurveFit::lnTokens).toArray();
    return Fitted.of(
        new Frontier(PowerLaw.fit(lnFlops, lnParams), PowerLaw.fit(lnFlops, lnTokens)));
  }

  private static String tooFew(int optima) {
    return switch (optima) {
      case 0 -> "No budget has an optimum, so there are no exponents.";
      case 1 -> "Only one budget has an optimum; global exponents need at least 3.";
      default ->
          "Only two budgets have an optimum: enough for a local exponent, while global ones need"
              + " at least 3.";
    };
  }
}
