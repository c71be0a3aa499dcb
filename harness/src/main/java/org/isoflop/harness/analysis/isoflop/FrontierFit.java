package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * One way from loss points to the compute-optimal frontier. The methods stand beside each other
 * behind this interface (Hoffmann et al. 2022, arXiv 2203.15556, section 3, has three), so that the
 * analysis can run, resample and compare them alike.
 */
@FunctionalInterface
public interface FrontierFit {

  /** Returns the power laws N*(C) and D*(C), or why these points do not give them. */
  public Fitted<Frontier> fit(List<LossPoint> points);

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
}
