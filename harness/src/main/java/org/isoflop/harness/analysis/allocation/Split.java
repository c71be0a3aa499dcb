package org.isoflop.harness.analysis.allocation;

/**
 * One way to spend compute: so many params on so many tokens. Kept as logarithms, because resampled
 * laws can put either beyond what a double holds, and a quantile must still be a number.
 *
 * @param lnParams ln N
 * @param lnTokens ln D; positive infinity where no number of tokens would do
 */
record Split(double lnParams, double lnTokens) {

  private static final double LN_SIX = Math.log(6);

  /** Returns ln of the training FLOPs, C = 6ND. */
  double lnFlops() {
    return LN_SIX + lnParams + lnTokens;
  }
}
