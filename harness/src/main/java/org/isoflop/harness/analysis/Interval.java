package org.isoflop.harness.analysis;

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
}
