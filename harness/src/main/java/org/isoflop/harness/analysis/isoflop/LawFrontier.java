package org.isoflop.harness.analysis.isoflop;

import java.util.Optional;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The compute-optimal split by the parametric law at C = 6ND: for points that share no budgets, and
 * beside the optima of those that do.
 */
public final class LawFrontier implements EfficientFrontier {

  private final LawSample sample;
  private final double lowest;
  private final double highest;

  /**
   * Takes a law.
   *
   * @param lowest measured compute, FLOPs
   * @param highest measured compute, FLOPs
   */
  public LawFrontier(LawSample sample, double lowest, double highest) {
    this.sample = sample;
    this.lowest = lowest;
    this.highest = highest;
  }

  @Override
  public FrontierPoint at(double budget) {
    Estimate params = sample.estimate(law -> law.optimalParams(budget));
    Estimate tokens = sample.estimate(law -> law.optimalTokens(budget));
    Estimate loss =
        sample.estimate(law -> law.loss(law.optimalParams(budget), law.optimalTokens(budget)));
    return new FrontierPoint(
        budget,
        params,
        tokens,
        Optional.of(loss),
        exponents(sample),
        EfficientFrontier.decadesBeyond(budget, lowest, highest));
  }

  /** Returns the exponents of a law with their intervals. */
  public static Exponents exponents(LawSample sample) {
    return new Exponents(
        sample.estimate(Law::paramsExponent), sample.estimate(Law::tokensExponent));
  }

  @Override
  public double lowest() {
    return lowest;
  }

  @Override
  public double highest() {
    return highest;
  }
}
