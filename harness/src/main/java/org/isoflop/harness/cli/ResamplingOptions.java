package org.isoflop.harness.cli;

import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.stats.Resampling;
import picocli.CommandLine.Option;

/** How many resamples intervals come from, and their seed. */
final class ResamplingOptions {

  private static final int FEWEST = 100;
  private static final int MOST = 1_000_000;

  @Option(
      names = "--replicates",
      paramLabel = "N",
      description = "Bootstrap replicates behind the intervals. Default: 2000.")
  private Optional<Integer> replicates;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the bootstrap. Default: 1.")
  private Optional<Long> seed;

  /**
   * Returns the settings.
   *
   * @throws BadInputException if there are too few replicates or too many
   */
  Resampling settings() {
    Resampling defaults = Resampling.defaults();
    return new Resampling(
        seed.orElse(defaults.seed()), checked(replicates.orElse(defaults.replicates())));
  }

  /** Returns a number of replicates if it is neither too small to tell anything nor too large. */
  static int checked(int replicates) {
    if (replicates < FEWEST || replicates > MOST) {
      throw BadInputException.of(
          "--replicates: %d is out of range, use %d to %d", replicates, FEWEST, MOST);
    }
    return replicates;
  }
}
