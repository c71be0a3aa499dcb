package org.isoflop.harness.cli;

import java.util.OptionalDouble;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the intervals of an analysis come from. */
final class IntervalOptions {

  @Option(
      names = "--intervals",
      paramLabel = "auto|points|trunks|noise",
      defaultValue = "auto",
      description =
          "What intervals resample: points, whole trunks, or the noise about the curves. Default:"
              + " ${DEFAULT-VALUE}.")
  private IntervalScheme scheme;

  @Mixin private ResamplingOptions resampling;

  /**
   * Returns the settings of an analysis.
   *
   * @param held a value of a at which to fit once more
   * @throws BadInputException if there are too few replicates or too many
   */
  AnalysisSettings settings(OptionalDouble held) {
    return new AnalysisSettings(scheme, resampling.settings(), held);
  }
}
