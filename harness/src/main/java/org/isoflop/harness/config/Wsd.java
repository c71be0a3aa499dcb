package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkRange;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Warm-up, stable, decay (Hägele et al. 2024, arXiv 2405.18392): constant, then 1 - √progress. */
@JsonTypeName("wsd")
@Words("constant, then 1 - sqrt to 0 over the last fifth of the steps")
public record Wsd(
    @Words("Share of the steps spent cooling down, at most 0.8; wsd only. Default: 0.2")
        double cooldown,
    @Words(WARMUP_WORDS) Optional<Double> warmup)
    implements Schedule {

  /** A fifth of the steps, as in the paper. */
  public static final Wsd DEFAULT = new Wsd(0.2);

  /** Largest share of warm-up and cooldown together, so that some steps have the peak. */
  private static final double LONGEST_SLOPES = 0.9;

  /** The best peak over the best of cosine, in the paper. */
  private static final double PEAK_OVER_COSINES = 0.5;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Wsd {
    checkRange(
        cooldown > 0 && cooldown <= 0.8, "cooldown", cooldown, "more than 0 and at most 0.8");
    Schedule.checkWarmup(warmup, longestWarmup(cooldown));
  }

  /** With the warm-up that the plan chooses. */
  public Wsd(double cooldown) {
    this(cooldown, Optional.empty());
  }

  @Override
  public Schedule withWarmup(double share) {
    return new Wsd(cooldown, Optional.of(share));
  }

  @Override
  public double longestWarmup() {
    return longestWarmup(cooldown);
  }

  private static double longestWarmup(double cooldown) {
    double left = Math.rint(1e6 * (LONGEST_SLOPES - cooldown)) / 1e6;
    return Math.min(LONGEST_WARMUP, left);
  }

  @Override
  public OptionalDouble cooldownShare() {
    return OptionalDouble.of(cooldown);
  }

  @Override
  public double peakOverCosines() {
    return PEAK_OVER_COSINES;
  }

  @Override
  public Fitted fitted(double peak, long warmupSteps, long steps) {
    return new Fitted(peak, warmupSteps, steps, Math.max(1, Math.round(cooldown * steps)));
  }

  /**
   * The cooldown would reach zero itself at the step after the last, so that no step is spent on a
   * learning rate of 0. Up to it the schedule is a {@link Trunk}'s.
   *
   * @param cooldownSteps length of the cooldown, at least 1
   */
  public record Fitted(double peak, long warmupSteps, long steps, long cooldownSteps)
      implements Schedule.Fitted {

    /** Refuses what is not a schedule with {@link IllegalArgumentException}. */
    public Fitted {
      Schedule.Fitted.checkFits(peak, warmupSteps, steps);
      check(
          cooldownSteps >= 1 && cooldownSteps <= steps - warmupSteps,
          "cooldown",
          "and warm-up must take at least a step each and %d in all, take %d and %d",
          steps,
          cooldownSteps,
          warmupSteps);
    }

    @Override
    public OptionalLong end() {
      return OptionalLong.of(steps);
    }

    @Override
    public OptionalLong cooldown() {
      return OptionalLong.of(cooldownSteps);
    }

    @Override
    public double shareOfPeak(long step) {
      long cooling = step - (steps - cooldownSteps);
      return cooling < 0 ? 1 : 1 - Math.sqrt((double) cooling / cooldownSteps);
    }
  }
}
