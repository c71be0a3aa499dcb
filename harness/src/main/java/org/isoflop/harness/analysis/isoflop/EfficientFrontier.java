package org.isoflop.harness.analysis.isoflop;

import java.util.Optional;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The compute-optimal allocation at any budget, with intervals, from the optima that were measured.
 */
public interface EfficientFrontier {

  /** An end of the range comes through ln C, which rounds. */
  double ROUNDING = 1e-9;

  /** Returns the allocation at a budget in FLOPs, inside the measured range or beyond it. */
  FrontierPoint at(double budget);

  /** Returns the lowest measured budget that has an optimum, FLOPs. */
  double lowest();

  /** Returns the highest measured budget that has an optimum, FLOPs. */
  double highest();

  /**
   * Returns how far a budget lies outside the measured ones, in decades; 0 within, negative below.
   */
  default double decadesBeyond(double budget) {
    return decadesBeyond(budget, lowest(), highest());
  }

  /** Returns how far a budget lies outside a range, in decades; 0 within, negative below. */
  static double decadesBeyond(double budget, double lowest, double highest) {
    double above = Math.log(budget / highest);
    double below = Math.log(budget / lowest);
    return above > ROUNDING ? above / Math.log(10) : below < -ROUNDING ? below / Math.log(10) : 0;
  }

  /**
   * The compute-optimal allocation at one budget, measured or not.
   *
   * @param budget FLOPs, C
   * @param params N*
   * @param tokens D*
   * @param loss at the optimum, nats per token, where the fit of loss against C gives it
   * @param exponents local slopes there
   * @param decadesBeyond how far the budget lies outside the measured ones, in decades of compute;
   *     0 within, negative below
   */
  record FrontierPoint(
      double budget,
      Estimate params,
      Estimate tokens,
      Optional<Estimate> loss,
      Exponents exponents,
      double decadesBeyond) {}

  /**
   * The split by the parametric law at C = 6ND: for points that share no budgets, and beside the
   * optima of those that do.
   *
   * @param lowest measured compute, FLOPs
   * @param highest measured compute, FLOPs
   */
  record ByLaw(LawSample sample, double lowest, double highest) implements EfficientFrontier {

    @Override
    public FrontierPoint at(double budget) {
      Estimate loss =
          sample.estimate(law -> law.loss(law.optimalParams(budget), law.optimalTokens(budget)));
      return new FrontierPoint(
          budget,
          sample.estimate(law -> law.optimalParams(budget)),
          sample.estimate(law -> law.optimalTokens(budget)),
          Optional.of(loss),
          Exponents.byLaw(sample),
          decadesBeyond(budget));
    }
  }
}
