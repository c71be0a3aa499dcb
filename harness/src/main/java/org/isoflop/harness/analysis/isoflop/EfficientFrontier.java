package org.isoflop.harness.analysis.isoflop;

/** The compute-optimal split at any budget, with intervals, from the optima that were measured. */
public interface EfficientFrontier {

  /** Returns the split at a budget in FLOPs, inside the measured range or beyond it. */
  FrontierPoint at(double budget);

  /** Returns the lowest measured budget that has an optimum, FLOPs. */
  double lowest();

  /** Returns the highest measured budget that has an optimum, FLOPs. */
  double highest();

  /** Returns how far a budget lies outside a range, in decades; 0 within, negative below. */
  static double decadesBeyond(double budget, double lowest, double highest) {
    // An end of the range reaches here through logarithms, which round.
    double rounding = 1e-9;
    double above = Math.log10(budget / highest);
    double below = Math.log10(budget / lowest);
    return above > rounding ? above : below < -rounding ? below : 0;
  }
}
