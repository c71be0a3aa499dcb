package org.isoflop.harness.analysis.allocation;

import org.hipparchus.analysis.solvers.BrentSolver;
import org.isoflop.harness.analysis.allocation.IsoLoss.LnAllocation;
import org.isoflop.harness.analysis.law.Law;

/**
 * The law where unique tokens are limited (Muennighoff et al. 2023, arXiv 2305.16264, section 3.1):
 * L(N′, D′), where a repeated token is worth less with every repetition, and params beyond those
 * that the unique tokens call for are worth less too.
 *
 * <pre>
 *   U_D = min(U, D),  R_D = D/U_D − 1,  D′ = U_D + U_D·R_D*·(1 − e^(−R_D/R_D*))
 *   U_N = min(params compute-optimal for U_D tokens, N),  R_N = N/U_N − 1,  N′ alike with R_N*
 * </pre>
 *
 * <p>The two decay constants are the paper's, from 182 runs of 7M to 9B params and 1 to 500 epochs
 * on C4 (appendix A). They are not fitted to the points at hand.
 *
 * @param law the loss where no token is repeated
 * @param uniqueTokens U, positive
 */
public record RepeatedDataLaw(Law law, double uniqueTokens) {

  /** R_D*: repetitions after which a token is worth 1/e of a fresh one (appendix A). */
  public static final double TOKENS_DECAY = 15.387756;

  /** R_N*: the same of excess params (appendix A). */
  public static final double PARAMS_DECAY = 5.309743;

  private static final BrentSolver SOLVER = new BrentSolver(1e-14, 1e-13, 0);
  private static final int EVALUATIONS = 1000;

  /** Refuses a limit that is not a positive, finite number. */
  public RepeatedDataLaw {
    if (!(uniqueTokens > 0) || Double.isInfinite(uniqueTokens)) {
      throw new IllegalArgumentException("unique tokens must be positive, not " + uniqueTokens);
    }
  }

  /** Returns D′, what D tokens are worth in fresh ones. */
  public double effectiveTokens(double tokens) {
    return effectiveTokens(tokens, uniqueTokens);
  }

  /** Returns D′ by any law, what D tokens are worth in fresh ones where only U are unique. */
  public static double effectiveTokens(double tokens, double uniqueTokens) {
    double unique = Math.min(uniqueTokens, tokens);
    return unique * worth(tokens / unique - 1, TOKENS_DECAY);
  }

  /** Returns N′, what N params are worth that see D tokens, U of them unique. */
  public double effectiveParams(double params, double tokens) {
    double optimal = Math.exp(lnOptimalParams(Math.log(Math.min(uniqueTokens, tokens))));
    return params <= optimal ? params : optimal * worth(params / optimal - 1, PARAMS_DECAY);
  }

  /** Returns the loss of N params after D tokens, U of them unique, nats per token. */
  public double loss(double params, double tokens) {
    return law.loss(effectiveParams(params, tokens), effectiveTokens(tokens));
  }

  /** Returns 1 + R*·(1 − e^(−R/R*)), the worth of 1 + R times the unique amount. */
  private static double worth(double repetitions, double decay) {
    return 1 - decay * Math.expm1(-repetitions / decay);
  }

  /** Returns ln of the slope of ln worth against ln(1 + R): 0 without repetition, then falling. */
  private static double lnSlope(double repetitions, double decay) {
    return Math.log1p(repetitions) - repetitions / decay - Math.log(worth(repetitions, decay));
  }

  /** Returns ln N of the params that D tokens are compute-optimal for. */
  private double lnOptimalParams(double lnTokens) {
    double lnRatio = Math.log(law.alpha() * law.a()) - Math.log(law.beta() * law.b());
    return (lnRatio + law.beta() * lnTokens) / law.alpha();
  }

  /**
   * Returns the allocation of lowest loss at C = 6ND.
   *
   * <p>With U ≥ D* that is the law's own optimum. With fewer, both N ≥ U_N and D ≥ U there, and
   * between these ends the loss is convex in ln N, because ln N′ and ln D′ are concave in it; so
   * the zero of its derivative is the optimum.
   *
   * @param flops C, of a law that has an optimum there
   */
  LnAllocation optimum(double flops) {
    LnAllocation free = new IsoLoss(law, flops).optimum();
    double lnUnique = Math.log(uniqueTokens);
    if (lnUnique >= free.lnTokens()) {
      return free;
    }
    double lnProduct = free.lnParams() + free.lnTokens();
    double low = lnOptimalParams(lnUnique);
    double high = lnProduct - lnUnique;
    double lnParams;
    // Near U = D* the ends meet, and rounding decides the signs.
    if (!(gain(low, low, lnProduct) > 0)) {
      lnParams = low;
    } else if (!(gain(high, low, lnProduct) < 0)) {
      lnParams = high;
    } else {
      lnParams = SOLVER.solve(EVALUATIONS, x -> gain(x, low, lnProduct), low, high);
    }
    return new LnAllocation(lnParams, lnProduct - lnParams);
  }

  /**
   * Returns ln of what more params take off the loss over what fewer tokens add to it: positive
   * where N is too small.
   */
  private double gain(double lnParams, double lnUniqueParams, double lnProduct) {
    double lnUnique = Math.log(uniqueTokens);
    double excess = Math.max(0, Math.expm1(lnParams - lnUniqueParams));
    double repeated = Math.max(0, Math.expm1(lnProduct - lnParams - lnUnique));
    double lnParamsWorth = lnUniqueParams + Math.log(worth(excess, PARAMS_DECAY));
    double lnTokensWorth = lnUnique + Math.log(worth(repeated, TOKENS_DECAY));
    return Math.log(law.alpha() * law.a())
        - law.alpha() * lnParamsWorth
        + lnSlope(excess, PARAMS_DECAY)
        - Math.log(law.beta() * law.b())
        + law.beta() * lnTokensWorth
        - lnSlope(repeated, TOKENS_DECAY);
  }
}
