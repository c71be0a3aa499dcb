package org.isoflop.harness.analysis.isoflop;

import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * Exponents of one method over a range of budgets: N* grows as C^a and D* as C^b.
 *
 * @param a exponent of N*
 * @param b exponent of D*
 */
public record Exponents(Estimate a, Estimate b) {

  /** Returns the exponents of a law with their intervals. */
  public static Exponents byLaw(LawSample sample) {
    return new Exponents(
        sample.estimate(Law::paramsExponent), sample.estimate(Law::tokensExponent));
  }

  /**
   * d ln N* / d ln C and d ln D* / d ln C over part of the range: between two neighbouring optima,
   * or of the line through the optima of a window.
   *
   * @param from the lowest budget, FLOPs
   * @param to the highest budget, FLOPs
   * @param optima how many optima it rests on, at least 2; of the parametric law how many points
   * @param exponents the slopes
   */
  public record LocalExponent(double from, double to, int optima, Exponents exponents) {

    /** Returns how many neighbouring optima a window holds: half of all, at least three. */
    public static int window(int optima) {
      return Math.max(FrontierFit.FEWEST_BUDGETS, (optima + 1) / 2);
    }
  }
}
