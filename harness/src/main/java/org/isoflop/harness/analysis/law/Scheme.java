package org.isoflop.harness.analysis.law;

/** What a bootstrap of the law takes as independent of each other. */
public enum Scheme {
  /** Points: draws whole points with replacement. Asks nothing of the noise but independence. */
  POINTS,
  /**
   * Trunks: draws whole lineages with replacement, since branches of one trunk share data order and
   * seed. Needs a good many trunks, ten or more.
   */
  TRUNKS,
  /**
   * Noise: keeps every size and horizon and adds residuals, drawn with replacement, to the fitted
   * losses. Takes the noise as alike at all points and the law as true.
   */
  NOISE
}
