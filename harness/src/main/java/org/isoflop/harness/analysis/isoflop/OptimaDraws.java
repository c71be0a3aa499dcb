package org.isoflop.harness.analysis.isoflop;

import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The optima again and again, as far as the noise of the losses leaves them open: one row a draw,
 * one column a curve.
 */
final class OptimaDraws {

  private final double[][] lnParams;
  private final double[][] lnTokens;
  private final double[][] lnFlops;
  private final double[][] loss;

  /** Makes room for so many draws of so many curves. */
  OptimaDraws(Resampling settings, int curves) {
    lnParams = new double[settings.replicates()][curves];
    lnTokens = new double[settings.replicates()][curves];
    lnFlops = new double[settings.replicates()][curves];
    loss = new double[settings.replicates()][curves];
  }

  /** Takes the optimum of a bowl as draw r of curve k. */
  void set(int r, int k, Bowl bowl) {
    Curve curve = bowl.curve();
    double x = bowl.bottom();
    boolean finite = Double.isFinite(x);
    lnParams[r][k] = curve.lnParams(x);
    lnTokens[r][k] = finite ? curve.lnTokens(x) : -x;
    lnFlops[r][k] = finite ? curve.lnFlops(x) : curve.lnFlops(0);
    loss[r][k] = finite ? bowl.lossAt(x) : Double.NaN;
  }

  /** Says that draw r has no optimum at curve k. */
  void refuse(int r, int k) {
    lnParams[r][k] = Double.NaN;
    lnTokens[r][k] = Double.NaN;
    lnFlops[r][k] = Double.NaN;
    loss[r][k] = Double.NaN;
  }

  int size() {
    return lnParams.length;
  }

  /** Returns ln N*; infinite where loss only falls towards that side, NaN without a bottom. */
  double lnParams(int r, int k) {
    return lnParams[r][k];
  }

  /** Returns ln D*, infinite or NaN as ln N* is. */
  double lnTokens(int r, int k) {
    return lnTokens[r][k];
  }

  /** Returns ln C at the optimum, as the convention counts it. */
  double lnFlops(int r, int k) {
    return lnFlops[r][k];
  }

  /** Returns the loss at the optimum, nats per token; NaN where N* is not finite. */
  double loss(int r, int k) {
    return loss[r][k];
  }
}
