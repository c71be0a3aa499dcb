package org.isoflop.harness.analysis.stats;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How often the analysis resamples; the same settings give the same numbers on any machine.
 *
 * @param seed of the resamples
 * @param replicates how many resamples the intervals come from, at least 100
 */
public record Resampling(long seed, int replicates) {

  /** Refuses so few resamples that the ends of a 95% interval would be the extremes. */
  public Resampling {
    if (replicates < 100) {
      throw new IllegalArgumentException("at least 100 replicates, not " + replicates);
    }
  }

  /**
   * Returns what every replicate draws by a generator of its own, in their order, in parallel: the
   * same whatever the number of threads.
   */
  public <T> Stream<T> draws(Function<SplittableRandom, T> draw) {
    // Neighbouring seeds would give overlapping streams.
    return Arrays.stream(new SplittableRandom(seed).longs(replicates).toArray())
        .parallel()
        .mapToObj(seed -> draw.apply(new SplittableRandom(seed)));
  }

  /** Returns seed 1 and 2000 replicates. */
  public static Resampling defaults() {
    return new Resampling(1, 2000);
  }
}
