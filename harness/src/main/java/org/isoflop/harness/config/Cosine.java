package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkRange;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Warm-up, then half a cosine that ends at the horizon (Loshchilov and Hutter 2017, arXiv
 * 1608.03983, without restarts).
 */
@JsonTypeName("cosine")
@Words("half a cosine that ends at a tenth of the peak")
public record Cosine(
    @JsonProperty("final")
        @Words("Last learning rate over the peak, 0 or more and below 1; cosine only. Default: 0.1")
        double finalFraction,
    @Words(WARMUP_WORDS) Optional<Double> warmup)
    implements Schedule {

  /** A tenth of the peak (Hoffmann et al. 2022, arXiv 2203.15556). */
  public static final Cosine DEFAULT = new Cosine(0.1);

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Cosine {
    checkRange(
        finalFraction >= 0 && finalFraction < 1,
        "final",
        finalFraction,
        "0 or more and less than 1");
    Schedule.checkWarmup(warmup, LONGEST_WARMUP);
  }

  /** With the warm-up that the plan chooses. */
  public Cosine(double finalFraction) {
    this(finalFraction, Optional.empty());
  }

  @Override
  public Schedule withWarmup(double share) {
    return new Cosine(finalFraction, Optional.of(share));
  }

  @Override
  public Fitted fitted(double peak, long warmupSteps, long steps) {
    return new Fitted(peak, warmupSteps, steps, finalFraction);
  }

  /**
   * The final fraction itself would be reached at the step after the last, so that no step is spent
   * on a learning rate of 0.
   *
   * @param finalFraction what the learning rate falls to over the peak, in [0, 1)
   */
  public record Fitted(double peak, long warmupSteps, long steps, double finalFraction)
      implements Schedule.Fitted {

    /** Refuses what is not a schedule with {@link IllegalArgumentException}. */
    public Fitted {
      Schedule.Fitted.checkFits(peak, warmupSteps, steps);
      check(
          finalFraction >= 0 && finalFraction < 1,
          "final fraction",
          "must lie in [0, 1), is %s",
          finalFraction);
    }

    @Override
    public OptionalLong end() {
      return OptionalLong.of(steps);
    }

    @Override
    public double shareOfPeak(long step) {
      double progress = (double) (step + 1 - warmupSteps) / (steps + 1 - warmupSteps);
      double fall = (1 + Math.cos(Math.PI * progress)) / 2;
      return finalFraction + (1 - finalFraction) * fall;
    }
  }
}
