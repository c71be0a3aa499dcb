package org.isoflop.harness.analysis.law;

/**
 * The units the fit works in, so that its five numbers are all of order one and hardly correlated:
 * params and tokens as distances in ln from their means, losses as multiples of their geometric
 * mean. The raw coefficients A and B move by decades along the valley of equal fits; the terms at
 * the centre of the points do not.
 *
 * <p>A position is {ln of E, of A's term and of B's term at the centre, ln alpha, ln beta}.
 *
 * @param lnParams mean ln N
 * @param lnTokens mean ln D
 * @param loss geometric mean of the losses
 */
record Frame(double lnParams, double lnTokens, double loss) {

  /** Numbers in a position. */
  static final int SIZE = 5;

  static final int E = 0;
  static final int A = 1;
  static final int B = 2;
  static final int ALPHA = 3;
  static final int BETA = 4;

  /** Returns the law at a position, in the units of the points. */
  Law law(double[] position) {
    double alpha = Math.exp(position[ALPHA]);
    double beta = Math.exp(position[BETA]);
    return new Law(
        loss * Math.exp(position[E]),
        loss * Math.exp(position[A] + alpha * lnParams),
        loss * Math.exp(position[B] + beta * lnTokens),
        alpha,
        beta);
  }

  /** Returns the position of a law with positive A and B. */
  double[] position(Law law) {
    return new double[] {
      Math.log(law.e() / loss),
      Math.log(law.a() / loss) - law.alpha() * lnParams,
      Math.log(law.b() / loss) - law.beta() * lnTokens,
      Math.log(law.alpha()),
      Math.log(law.beta())
    };
  }
}
