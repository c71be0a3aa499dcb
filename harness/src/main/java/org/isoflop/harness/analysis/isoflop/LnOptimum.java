package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * An optimum in logarithms, without its uncertainty: measured, or of a draw.
 *
 * @param budget FLOPs, as stated
 * @param lnParams ln N*; infinite where loss only falls towards that side, NaN without a bottom
 * @param lnTokens ln D*, infinite or NaN as ln N* is
 * @param lnFlops ln C, as the convention counts it
 * @param loss nats per token; NaN where N* is not finite
 */
public record LnOptimum(
    double budget, double lnParams, double lnTokens, double lnFlops, double loss) {

  /** Takes the bottom of a curve. */
  static LnOptimum of(IsoFlopCurve curve) {
    double x = curve.bottom();
    return at(curve.points(), x, curve.lossAt(x));
  }

  /** Takes the place x of a budget's sizes. */
  static LnOptimum at(BudgetPoints points, double x, double loss) {
    boolean finite = Double.isFinite(x);
    return new LnOptimum(
        points.flops(),
        points.lnParams(x),
        finite ? points.lnTokens(x) : -x,
        points.lnFlops(finite ? x : 0),
        finite ? loss : Double.NaN);
  }

  /** Returns the optimum moved in ln N*, ln D* and ln C. */
  LnOptimum moved(double params, double tokens, double flops) {
    return new LnOptimum(budget, lnParams + params, lnTokens + tokens, lnFlops + flops, loss);
  }

  /**
   * Returns where the optima of measured budgets lie if a law is the truth: of every budget that a
   * curve can be fitted to, along that budget's own sizes and tokens and by its points' own count
   * of compute, wherever it lies; lowest budget first.
   */
  public static List<LnOptimum> byLaw(List<LossPoint> points, Law law) {
    CurveModel.Shape shape = new CurveModel.Shape(law.alpha(), law.beta(), 0);
    return BudgetPoints.all(points).stream()
        .map(
            budget -> {
              double p = law.a() * Math.exp(-law.alpha() * budget.lnParams(0));
              double q = law.b() * Math.exp(-law.beta() * (budget.lnTokens(0) - budget.d(0.0)));
              return of(new IsoFlopCurve(budget, shape, law.e(), p, q));
            })
        .toList();
  }
}
