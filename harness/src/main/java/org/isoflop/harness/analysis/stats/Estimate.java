package org.isoflop.harness.analysis.stats;

import java.util.function.DoubleUnaryOperator;

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

  /** Returns this estimate through a monotone function, in whichever direction it runs. */
  public Estimate map(DoubleUnaryOperator monotone) {
    return new Estimate(monotone.applyAsDouble(value), interval.map(monotone));
  }
}
