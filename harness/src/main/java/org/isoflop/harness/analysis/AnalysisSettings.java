package org.isoflop.harness.analysis;

import java.util.OptionalDouble;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * What the analysis may be told; the same settings give the same numbers on any machine.
 *
 * @param intervals where the intervals come from
 * @param resampling how often, and with which seed
 * @param held a value of a at which to fit once more, beside the free fit
 */
public record AnalysisSettings(
    IntervalScheme intervals, Resampling resampling, OptionalDouble held) {

  /** Refuses an exponent that leaves nothing to params or to tokens. */
  public AnalysisSettings {
    if (held.isPresent() && !(held.getAsDouble() > 0 && held.getAsDouble() < 1)) {
      throw new IllegalArgumentException("an exponent between 0 and 1, not " + held);
    }
  }

  /** Holds nothing. */
  public AnalysisSettings(IntervalScheme intervals, Resampling resampling) {
    this(intervals, resampling, OptionalDouble.empty());
  }

  /** Returns intervals from the noise, by trunk where there are trunks; seed 1, 2000 resamples. */
  public static AnalysisSettings defaults() {
    return new AnalysisSettings(IntervalScheme.AUTO, Resampling.defaults());
  }
}
