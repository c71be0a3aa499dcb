package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The relative noise of the losses about their curves.
 *
 * @param law standard deviation of ln loss as a power of C
 * @param exponent of C in it, with its interval
 * @param residuals by budget, lowest first
 * @param freeShare of the freedom that the shape, which all curves share, leaves
 */
public record BowlNoise(
    PowerLaw law, Estimate exponent, List<Residuals> residuals, double freeShare) {

  /** Of a bowl of its own at every budget. */
  private static final int COEFFICIENTS = 3;

  /** Copies the list. */
  public BowlNoise {
    residuals = List.copyOf(residuals);
  }

  /**
   * The residuals of one budget, outliers not.
   *
   * @param budget FLOPs
   * @param squares of ln of the loss over its curve, summed
   * @param freedom points less coefficients of the curve
   */
  public record Residuals(double budget, double squares, int freedom) {}

  /** Measures the noise of a fit. */
  static BowlNoise of(BowlFit fit) {
    List<Residuals> residuals = new ArrayList<>();
    for (int k = 0; k < fit.model().curves().size(); k++) {
      double squares = 0;
      int kept = 0;
      for (int i = 0; i < fit.model().curves().get(k).size(); i++) {
        if (fit.kept(k, i)) {
          squares += Math.pow(fit.residual(k, i), 2);
          kept++;
        }
      }
      double budget = fit.model().curves().get(k).group().flops();
      residuals.add(new Residuals(budget, squares, kept - COEFFICIENTS));
    }
    int freedom = fit.model().freedom();
    return new BowlNoise(
        fit.noise().law(),
        fit.noise().exponent(),
        residuals,
        Math.max(0, freedom - BowlShape.EXPONENTS) / (double) freedom);
  }

  /** Returns how many points there are beyond the curves' coefficients. */
  public int freedom() {
    return residuals.stream().mapToInt(Residuals::freedom).sum();
  }

  /** Returns the noise at a budget. */
  public double at(double budget) {
    return Math.exp(law.ln(Math.log(budget)));
  }
}
