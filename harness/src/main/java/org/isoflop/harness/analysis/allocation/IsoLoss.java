package org.isoflop.harness.analysis.allocation;

import org.hipparchus.analysis.solvers.BrentSolver;
import org.isoflop.harness.analysis.law.Law;

/**
 * All allocations that reach the loss of a budget's train-optimal model: the one curve on which
 * smaller models trained longer, larger ones trained less, and the cheapest one to train and serve
 * all lie.
 *
 * <p>Where C = 6ND, the optimum (N*, D*) balances the two terms of the law, α·A/N*^α = β·B/D*^β, so
 * the params' share of the loss above E is s = β/(α + β) at any budget. Elsewhere on the curve the
 * odds r = (α·A/N^α)/(β·B/D^β) say how many times more the next doubling of the params would bring
 * than the next doubling of the tokens, and place the allocation:
 *
 * <pre>
 *   h = ln(1 + s·(r − 1)),   ln D = ln D* + h/β,   ln N = ln N* − (ln r − h)/α
 * </pre>
 */
final class IsoLoss {

  private static final BrentSolver SOLVER = new BrentSolver(1e-14, 1e-13, 0);
  private static final int EVALUATIONS = 1000;

  /** An optimum beyond e^±230, about 1e±100, is that of a law which is one term in all but name. */
  private static final double LARGEST_LN = 230;

  private final Law law;
  private final double share;
  private final LnAllocation optimum;

  /** Takes a law that {@link #hasOptimum has an optimum} at this budget, in FLOPs. */
  IsoLoss(Law law, double flops) {
    this.law = law;
    share = law.paramsExponent();
    optimum =
        new LnAllocation(Math.log(law.optimalParams(flops)), Math.log(law.optimalTokens(flops)));
  }

  /** Returns whether params and tokens both matter to this law, so that it can trade them. */
  static boolean hasOptimum(Law law, double flops) {
    double params = law.optimalParams(flops);
    double tokens = law.optimalTokens(flops);
    return law.a() > 0
        && law.b() > 0
        && law.alpha() > 0
        && law.beta() > 0
        && Math.abs(Math.log(params)) < LARGEST_LN
        && Math.abs(Math.log(tokens)) < LARGEST_LN;
  }

  /** Returns (N*, D*). */
  LnAllocation optimum() {
    return optimum;
  }

  private double h(double lnOdds) {
    return Math.log1p(share * Math.expm1(lnOdds));
  }

  private LnAllocation at(double lnOdds) {
    double h = h(lnOdds);
    return new LnAllocation(
        optimum.lnParams() - (lnOdds - h) / law.alpha(), optimum.lnTokens() + h / law.beta());
  }

  /**
   * Returns the allocation of a model of size · N* params. Where its params alone leave more loss
   * than the target, its tokens are infinite.
   */
  LnAllocation ofSize(double size) {
    double lnSize = Math.log(size);
    double paramsShare = share * Math.exp(-law.alpha() * lnSize);
    double lnTokens =
        paramsShare < 1
            ? optimum.lnTokens() - Math.log((1 - paramsShare) / (1 - share)) / law.beta()
            : Double.POSITIVE_INFINITY;
    return new LnAllocation(optimum.lnParams() + lnSize, lnTokens);
  }

  /**
   * Returns the allocation of least training plus inference FLOPs, 6·N·D + 2·N·T (Sardana et al.
   * 2024, arXiv 2401.00448, section 2).
   *
   * <p>Along the curve d ln D / d ln N = −r, so the sum is least where 3·D·(r − 1) = T. Its left
   * side grows with r from 0, so there is exactly one such allocation, and it has fewer params.
   *
   * @param inferenceTokens T, not negative
   */
  LnAllocation cheapestToServe(double inferenceTokens) {
    double target = inferenceTokens / (3 * Math.exp(optimum.lnTokens()));
    if (target == 0) {
      return optimum;
    }
    double lnOdds =
        SOLVER.solve(
            EVALUATIONS,
            // Divided by D/D*, which can overflow.
            x -> Math.expm1(x) - target * Math.exp(-h(x) / law.beta()),
            0,
            Math.log1p(2 * target));
    return at(lnOdds);
  }

  /**
   * One way to spend compute: so many params on so many tokens. Kept as logarithms, because
   * resampled laws can put either beyond what a double holds, and a quantile must still be a
   * number.
   *
   * @param lnParams ln N
   * @param lnTokens ln D; positive infinity where no number of tokens would do
   */
  record LnAllocation(double lnParams, double lnTokens) {

    private static final double LN_SIX = Math.log(6);

    /** Returns ln of the training FLOPs, C = 6ND. */
    double lnFlops() {
      return LN_SIX + lnParams + lnTokens;
    }
  }
}
