package org.isoflop.harness.analysis.stats;

import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * A 95% interval, in the unit of the quantity it belongs to.
 *
 * @param low the 2.5% end
 * @param high the 97.5% end
 */
public record Interval(double low, double high) {

  /** Refuses ends that are not numbers, or in the wrong order. */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("not an interval: [" + low + ", " + high + "]");
    }
  }

  /** Returns this interval through a monotone function, in whichever direction it runs. */
  public Interval map(DoubleUnaryOperator monotone) {
    double one = monotone.applyAsDouble(low);
    double other = monotone.applyAsDouble(high);
    return new Interval(Math.min(one, other), Math.max(one, other));
  }

  /** Returns the two ends as {@code [low, high]}, each in the words of the function. */
  public String text(DoubleFunction<String> number) {
    return "[" + number.apply(low) + ", " + number.apply(high) + "]";
  }
}
