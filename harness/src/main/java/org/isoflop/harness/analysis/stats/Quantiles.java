package org.isoflop.harness.analysis.stats;

import java.util.Arrays;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/** The ends of intervals out of resampled values, some of which may be infinite. */
public final class Quantiles {

  /** The lower end of a 95% interval, per cent. */
  public static final double LOW = 2.5;

  /** The upper end of a 95% interval, per cent. */
  public static final double HIGH = 97.5;

  /** One standard deviation below the middle of a normal, per cent. */
  public static final double MINUS_ONE_SIGMA = 15.865525;

  /** One standard deviation above the middle of a normal, per cent. */
  public static final double PLUS_ONE_SIGMA = 84.134475;

  /** Stands for infinity while interpolating, because infinity less itself is not a number. */
  private static final double HUGE = 1e300;

  private static final double LARGEST = 1e290;

  /** Standard deviation of a normal in its median absolute deviations. */
  private static final double NORMAL_DEVIATION = 1.4826;

  private Quantiles() {}

  /** Returns the quantile at a percentage; at least one value, none of them NaN. */
  public static double of(double[] values, double percent) {
    double[] finite = Arrays.stream(values).map(v -> Math.max(-HUGE, Math.min(HUGE, v))).toArray();
    double found =
        new Percentile().withEstimationType(EstimationType.R_7).evaluate(finite, percent);
    return Math.abs(found) < LARGEST ? found : found * Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the standard deviation about 0 of normal values, as their median distance from it shows
   * it, which outliers do not move.
   */
  public static double robustDeviation(double[] values) {
    double[] distances = Arrays.stream(values).map(Math::abs).sorted().toArray();
    return NORMAL_DEVIATION * distances[distances.length / 2];
  }

  /** Returns the values, of which those that are not numbers count to both sides by turns. */
  public static double[] bothWays(double[] values) {
    double[] known = values.clone();
    for (int r = 0; r < known.length; r++) {
      if (Double.isNaN(known[r])) {
        known[r] = r % 2 == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      }
    }
    return known;
  }

  /** Returns an estimate with the interval of its resampled values. */
  public static Estimate estimate(double value, double[] values) {
    return new Estimate(value, interval(values, value));
  }

  /**
   * Returns the 95% percentile interval, stretched to hold the estimate where resamples that were
   * refused have drawn it to one side; the estimate alone where there are no values.
   */
  public static Interval interval(double[] values, double estimate) {
    if (values.length == 0) {
      return new Interval(estimate, estimate);
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Interval(Math.min(of(sorted, LOW), estimate), Math.max(of(sorted, HIGH), estimate));
  }
}
