package org.isoflop.harness.analysis.allocation;

import org.isoflop.harness.analysis.stats.Estimate;

/**
 * What a model smaller or larger than the optimum takes to reach the optimum's loss.
 *
 * @param size its params over N*
 * @param params N
 * @param tokens D; infinite where no number of tokens reaches that loss
 * @param computeFactor its training compute over the optimum's, at least 1; infinite likewise
 */
public record EqualLoss(double size, Estimate params, Estimate tokens, Estimate computeFactor) {

  /** Returns whether any number of tokens reaches the loss. */
  public boolean reachable() {
    return Double.isFinite(computeFactor.value());
  }
}
