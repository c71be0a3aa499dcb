package org.isoflop.harness.analysis;

import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/** The ends of intervals out of resampled values. */
final class Quantiles {

  /** The lower end of a 95% interval, per cent. */
  static final double LOW = 2.5;

  /** The upper end of a 95% interval, per cent. */
  static final double HIGH = 97.5;

  /** One standard deviation below the middle of a normal, per cent. */
  static final double MINUS_ONE_SIGMA = 15.865525;

  /** One standard deviation above the middle of a normal, per cent. */
  static final double PLUS_ONE_SIGMA = 84.134475;

  private Quantiles() {}

  /** Returns the quantile at a percentage; at least one finite value. */
  static double of(double[] values, double percent) {
    return new Percentile().withEstimationType(EstimationType.R_7).evaluate(values, percent);
  }

  /**
   * Returns the 95% percentile interval, stretched to hold the estimate where resamples that were
   * refused have drawn it to one side; the estimate alone where there are no values.
   */
  static Interval interval(double[] values, double estimate) {
    if (values.length == 0) {
      return new Interval(estimate, estimate);
    }
    return new Interval(Math.min(of(values, LOW), estimate), Math.max(of(values, HIGH), estimate));
  }
}
