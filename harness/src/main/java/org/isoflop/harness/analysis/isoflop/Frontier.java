package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The compute-optimal split of every budget: N*(C) and D*(C) as power laws.
 *
 * @param params N*, parameters, of C in FLOPs
 * @param tokens D*, training tokens, of C in FLOPs
 */
public record Frontier(PowerLaw params, PowerLaw tokens) {

  /** Fits the lines through two optima or more. */
  static Frontier through(List<LnOptimum> optima, double[] weights) {
    double[] lnFlops = optima.stream().mapToDouble(LnOptimum::lnFlops).toArray();
    double[] lnParams = optima.stream().mapToDouble(LnOptimum::lnParams).toArray();
    double[] lnTokens = optima.stream().mapToDouble(LnOptimum::lnTokens).toArray();
    return new Frontier(
        PowerLaw.fit(lnFlops, lnParams, weights), PowerLaw.fit(lnFlops, lnTokens, weights));
  }
}
