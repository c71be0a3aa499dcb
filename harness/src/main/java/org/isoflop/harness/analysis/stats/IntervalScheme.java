package org.isoflop.harness.analysis.stats;

/** Where the intervals come from. */
public enum IntervalScheme {
  /** The noise, with a common part in every trunk and in every cell that has repeats. */
  AUTO,
  /** Points drawn again with replacement, within each budget. */
  POINTS,
  /** Whole trunks drawn again with replacement. */
  TRUNKS,
  /** The noise about the fit, independent between points. */
  NOISE
}
