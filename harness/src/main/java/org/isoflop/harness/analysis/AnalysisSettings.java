package org.isoflop.harness.analysis;

/**
 * What the analysis may be told; the same settings give the same numbers on any machine.
 *
 * @param seed of the resamples
 * @param replicates how many resamples the intervals come from, at least 100
 */
public record AnalysisSettings(long seed, int replicates) {

  /** Refuses so few resamples that the ends of a 95% interval would be the extremes. */
  public AnalysisSettings {
    if (replicates < 100) {
      throw new IllegalArgumentException("at least 100 replicates, not " + replicates);
    }
  }

  /** Returns seed 1 and 2000 replicates. */
  public static AnalysisSettings defaults() {
    return new AnalysisSettings(1, 2000);
  }
}
