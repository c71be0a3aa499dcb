package org.isoflop.harness.analysis.law;

/** A position of {@link Frame} and how well it fits: starts and minima are ranked by it. */
final class Candidate {

  private final double[] position;
  private final double value;

  /**
   * A candidate that owns its position.
   *
   * @param value the lower, the better; what is not a number ranks last
   */
  Candidate(double[] position, double value) {
    this.position = position;
    this.value = Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }

  /** Returns the position itself: polish a clone. */
  double[] position() {
    return position;
  }

  double value() {
    return value;
  }
}
