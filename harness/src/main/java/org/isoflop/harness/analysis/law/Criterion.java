package org.isoflop.harness.analysis.law;

/** What a fit of the law minimises. */
public enum Criterion {
  /**
   * The sum of Huber's loss, δ = 1e-3, of ln L residuals (Hoffmann et al. 2022, section 3.3): the
   * field's choice, and robust.
   */
  HUBER_LOG,
  /**
   * The sum of absolute ln L residuals: what the published re-fit of the Chinchilla points is
   * (Besiroglu et al. 2024, arXiv 2404.10102).
   */
  ABSOLUTE_LOG,
  /** The sum of squared residuals of the loss itself. */
  SQUARES
}
