package org.isoflop.harness.analysis.law;

import org.isoflop.harness.analysis.points.LossPoint;

/**
 * The parametric loss L(N, D) = E + A/N^alpha + B/D^beta (Hoffmann et al. 2022, arXiv 2203.15556,
 * section 3.3, "approach 3").
 *
 * @param e irreducible loss, nats per token; not negative
 * @param a of params; not negative
 * @param b of tokens; not negative
 * @param alpha exponent of params, positive
 * @param beta exponent of tokens, positive
 */
public record Law(double e, double a, double b, double alpha, double beta) {

  /** Returns the loss of N params after D tokens, nats per token. */
  public double loss(double params, double tokens) {
    return e + a * Math.exp(-alpha * Math.log(params)) + b * Math.exp(-beta * Math.log(tokens));
  }

  /** Returns ln of a measured loss over the law's. */
  public double residual(LossPoint point) {
    return Math.log(point.loss() / loss(point.params(), point.tokens()));
  }

  /** Returns the exponent of N* ∝ C^a where C = 6ND: beta / (alpha + beta). */
  public double paramsExponent() {
    return beta / (alpha + beta);
  }

  /** Returns the exponent of D* ∝ C^b where C = 6ND: alpha / (alpha + beta). */
  public double tokensExponent() {
    return alpha / (alpha + beta);
  }

  /** Returns the params N* of the lowest loss at C = 6ND FLOPs (Hoffmann et al., equation 4). */
  public double optimalParams(double flops) {
    double lnG = (Math.log(alpha * a) - Math.log(beta * b)) / (alpha + beta);
    return Math.exp(lnG + paramsExponent() * Math.log(flops / 6));
  }

  /** Returns the tokens D* of the lowest loss at C = 6ND FLOPs. */
  public double optimalTokens(double flops) {
    return flops / 6 / optimalParams(flops);
  }
}
