package org.isoflop.harness.analysis.law;

import java.util.Arrays;

/**
 * An objective about a position to second order: workspace that a fit fills over and over. Matrices
 * are the packed lower triangle of {@link Cholesky#at}.
 */
final class Expansion {

  static final int PACKED = Frame.SIZE * (Frame.SIZE + 1) / 2;

  private static final int EE = Cholesky.at(Frame.E, Frame.E);
  private static final int AA = Cholesky.at(Frame.A, Frame.A);
  private static final int BB = Cholesky.at(Frame.B, Frame.B);
  private static final int ALPHA_A = Cholesky.at(Frame.ALPHA, Frame.A);
  private static final int BETA_B = Cholesky.at(Frame.BETA, Frame.B);
  private static final int ALPHA_ALPHA = Cholesky.at(Frame.ALPHA, Frame.ALPHA);
  private static final int BETA_BETA = Cholesky.at(Frame.BETA, Frame.BETA);

  /** The position's coordinates, as the law needs them. */
  double e;

  double lnA;
  double lnB;
  double alpha;
  double beta;

  double value;
  final double[] gradient = new double[Frame.SIZE];

  /** The exact second derivatives, which may be indefinite. */
  final double[] hessian = new double[PACKED];

  /** The Gauss-Newton matrix with each residual at its robust weight: never negative. */
  final double[] gauss = new double[PACKED];

  /** Derivatives of ln of the law at the point in hand: the terms' shares of the loss. */
  final double[] slope = new double[Frame.SIZE];

  /** Sets the sums to zero. */
  void clear() {
    value = 0;
    Arrays.fill(gradient, 0);
    Arrays.fill(hessian, 0);
    Arrays.fill(gauss, 0);
  }

  /** Moves to a position. */
  void at(double[] position) {
    e = Math.exp(position[Frame.E]);
    lnA = position[Frame.A];
    lnB = position[Frame.B];
    alpha = Math.exp(position[Frame.ALPHA]);
    beta = Math.exp(position[Frame.BETA]);
  }

  /**
   * Adds the derivatives of the point in hand.
   *
   * @param first factor of the slope in the gradient
   * @param outer factor of the slope's outer product in the second derivatives
   * @param robust the same in the Gauss-Newton matrix
   * @param lnParams −alpha·ln N, centred
   * @param lnTokens −beta·ln D, centred
   */
  void add(double first, double outer, double robust, double lnParams, double lnTokens) {
    int next = 0;
    for (int j = 0; j < Frame.SIZE; j++) {
      gradient[j] += first * slope[j];
      for (int k = 0; k <= j; k++) {
        double product = slope[j] * slope[k];
        hessian[next] += outer * product;
        gauss[next++] += robust * product;
      }
    }
    // The loss's own second derivatives, over the loss; those of the other pairs are zero.
    hessian[EE] += first * slope[Frame.E];
    hessian[AA] += first * slope[Frame.A];
    hessian[BB] += first * slope[Frame.B];
    hessian[ALPHA_A] += first * slope[Frame.ALPHA];
    hessian[BETA_B] += first * slope[Frame.BETA];
    hessian[ALPHA_ALPHA] += first * slope[Frame.ALPHA] * (lnParams + 1);
    hessian[BETA_BETA] += first * slope[Frame.BETA] * (lnTokens + 1);
  }
}
