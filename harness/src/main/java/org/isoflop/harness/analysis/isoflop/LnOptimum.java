package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * An optimum in logarithms, without its uncertainty.
 *
 * @param budget FLOPs, as stated
 * @param lnParams ln N*
 * @param lnTokens ln D*
 * @param lnFlops ln C, as the convention counts it
 */
public record LnOptimum(double budget, double lnParams, double lnTokens, double lnFlops) {

  /** Takes the place x of a budget's sizes. */
  static LnOptimum at(BudgetPoints points, double x) {
    return new LnOptimum(points.flops(), points.lnParams(x), points.lnTokens(x), points.lnFlops(x));
  }

  /**
   * Returns where the optima of measured budgets lie if a law is the truth: of every budget that a
   * curve can be fitted to, along that budget's own sizes and tokens and by its points' own count
   * of compute, wherever it lies; lowest budget first.
   */
  public static List<LnOptimum> byLaw(List<LossPoint> points, Law law) {
    return BudgetPoints.all(points).stream()
        .map(
            budget -> {
              double p = law.a() * Math.exp(-law.alpha() * budget.lnParams(0));
              double q = law.b() * Math.exp(-law.beta() * (budget.lnTokens(0) - budget.d(0.0)));
              CurveModel.Shape shape = new CurveModel.Shape(law.alpha(), law.beta(), 0);
              return at(budget, new IsoFlopCurve(budget, shape, law.e(), p, q).bottom());
            })
        .toList();
  }
}
