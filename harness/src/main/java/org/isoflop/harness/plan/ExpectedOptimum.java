package org.isoflop.harness.plan;

import org.isoflop.harness.analysis.design.EarlierSweep;
import org.isoflop.harness.config.Expected;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.SizeLadder;

/** Where a budget's sizes are centred: the optimum before anything is trained. */
@FunctionalInterface
interface ExpectedOptimum {

  /** Returns the total parameters expected at the optimum of a budget in FLOPs. */
  double params(double budget);

  /**
   * Returns what the configuration expects.
   *
   * @throws org.isoflop.harness.BadInputException if it names an earlier sweep that has no frontier
   */
  static ExpectedOptimum of(Expected expected, SizeLadder ladder) {
    if (expected instanceof Expected.Earlier earlier) {
      EarlierSweep sweep = EarlierSweep.read(earlier.from());
      return budget -> Math.exp(sweep.params().ln(Math.log(budget)));
    }
    double ratio = ((Expected.TokensPerParam) expected).tokensPerParam();
    return budget -> atRatio(budget, ratio, ladder);
  }

  /**
   * Returns the total parameters at which so many tokens per parameter cost exactly the budget,
   * interpolated on logarithmic axes between rungs; beyond the ladder's ends, where the cost is
   * taken to grow as the square of the parameters.
   */
  private static double atRatio(double budget, double tokensPerParam, SizeLadder ladder) {
    DecoderConfig below = null;
    for (DecoderConfig rung : ladder.rungs()) {
      double cost = cost(rung, tokensPerParam);
      if (cost >= budget) {
        if (below == null) {
          return beyond(rung, budget / cost);
        }
        double lower = cost(below, tokensPerParam);
        double share = Math.log(budget / lower) / Math.log(cost / lower);
        return params(below) * Math.pow(params(rung) / params(below), share);
      }
      below = rung;
    }
    return beyond(below, budget / cost(below, tokensPerParam));
  }

  private static double beyond(DecoderConfig end, double budgets) {
    return params(end) * Math.sqrt(budgets);
  }

  private static double cost(DecoderConfig rung, double tokensPerParam) {
    return rung.flopsPerToken() * tokensPerParam * params(rung);
  }

  private static double params(DecoderConfig decoder) {
    return decoder.parameters().total();
  }
}
