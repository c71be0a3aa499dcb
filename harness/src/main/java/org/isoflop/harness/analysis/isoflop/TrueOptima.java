package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;

/** Where the optima of measured budgets lie if a law is the truth. */
public final class TrueOptima {

  private TrueOptima() {}

  /**
   * Returns the optimum of every budget that a curve can be fitted to, along that budget's own
   * sizes and tokens and by its points' own count of compute, wherever it lies; lowest budget
   * first.
   */
  public static List<LnOptimum> of(List<LossPoint> points, Law law) {
    return BudgetGroup.of(points).stream()
        .flatMap(group -> Curve.of(group).value().stream())
        .map(curve -> optimum(curve, law))
        .toList();
  }

  private static LnOptimum optimum(Curve curve, Law law) {
    double p = law.a() * Math.exp(-law.alpha() * curve.lnParams(0));
    double q = law.b() * Math.exp(-law.beta() * (curve.lnTokens(0) - curve.d(0.0)));
    double x = Bowl.bottom(curve, new BowlShape(law.alpha(), law.beta(), 0), p, q);
    return new LnOptimum(
        curve.group().flops(), curve.lnParams(x), curve.lnTokens(x), curve.lnFlops(x));
  }
}
