package org.isoflop.harness.analysis;

import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * What the analysis may be told; the same settings give the same numbers on any machine.
 *
 * @param intervals where the intervals come from
 * @param resampling how often, and with which seed
 */
public record AnalysisSettings(IntervalScheme intervals, Resampling resampling) {

  /** Returns intervals from the noise, by trunk where there are trunks; seed 1, 2000 resamples. */
  public static AnalysisSettings defaults() {
    return new AnalysisSettings(IntervalScheme.AUTO, Resampling.defaults());
  }
}
