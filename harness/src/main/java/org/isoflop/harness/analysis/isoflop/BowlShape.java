package org.isoflop.harness.analysis.isoflop;

/**
 * What the budgets share of their curves: how steeply loss rises to both sides, and how fast trust
 * in the form fades away from the bottom.
 *
 * @param alpha exponent of params, positive
 * @param beta exponent of tokens, positive
 * @param locality a point whose loss is a share h above the lowest has √(1 + (locality·h)²) times
 *     the noise of one at the bottom; 0 trusts the form everywhere
 */
record BowlShape(double alpha, double beta, double locality) {

  /** How many exponents there are to be fitted. */
  static final int EXPONENTS = 2;

  /** Where published fits of the two exponents lie, and how widely, in logarithms. */
  private static final double USUAL = Math.log(0.35);

  private static final double SPREAD = 0.7;

  /**
   * Returns ln of the prior density, but for a constant: exponents near 0.35 within factors of 2.
   */
  double lnPrior() {
    double a = (Math.log(alpha) - USUAL) / SPREAD;
    double b = (Math.log(beta) - USUAL) / SPREAD;
    return -(a * a + b * b) / 2;
  }
}
