package org.isoflop.harness.analysis.stats;

import java.util.function.DoubleUnaryOperator;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A number and how sure it is.
 *
 * @param value the estimate
 * @param interval its 95% interval, which holds the value; an end may be infinite where the data
 *     leave that side open
 */
public record Estimate(double value, Interval interval) {

  /** Refuses a value outside its own interval. */
  public Estimate {
    if (!(interval.low() <= value && value <= interval.high())) {
      throw new IllegalArgumentException(value + " is not in " + interval);
    }
  }

  /**
   * Returns an estimate whose error is normal, with a variance that was itself estimated.
   *
   * @param error standard error of the value
   * @param freedom degrees of freedom of that error; 0, where nothing says how large it is, leaves
   *     both sides open
   * @param level how often the interval is to hold the value, such as 0.95
   */
  public static Estimate student(double value, double error, double freedom, double level) {
    double half =
        freedom == 0
            ? Double.POSITIVE_INFINITY
            : error * new TDistribution(freedom).inverseCumulativeProbability((1 + level) / 2);
    return new Estimate(value, new Interval(value - half, value + half));
  }

  /** Returns this estimate through a monotone function, in whichever direction it runs. */
  public Estimate map(DoubleUnaryOperator monotone) {
    return new Estimate(monotone.applyAsDouble(value), interval.map(monotone));
  }
}
