package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.OptionalLong;

/**
 * The learning rate of every step from initial weights on. One that ends in a horizon is fitted to
 * it, so that it ends exactly there; a trunk's has no end.
 *
 * <p>Each begins with a linear warm-up whose first step is already positive and whose last is the
 * peak.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Schedule.Trunk.class, name = "trunk"),
  @JsonSubTypes.Type(value = Schedule.Wsd.class, name = "wsd"),
  @JsonSubTypes.Type(value = Schedule.Cosine.class, name = "cosine")
})
public sealed interface Schedule {

  /** Returns the largest learning rate. */
  double peak();

  /** Returns the number of steps of the warm-up, at least 1. */
  long warmupSteps();

  /** Returns the step at which the schedule ends; empty where it has no end. */
  OptionalLong end();

  /**
   * Returns the learning rate of one step.
   *
   * @param step counted from 0, less than {@link #end()}
   */
  double learningRate(long step);

  /** Warm-up, then constant: what wsd does until a horizon's cooldown leaves it. */
  record Trunk(double peak, long warmupSteps) implements Schedule {

    /** Refuses what is not a schedule with {@link IllegalArgumentException}. */
    public Trunk {
      checkPeak(peak);
      check(warmupSteps >= 1, "warm-up must take a step or more, takes %d", warmupSteps);
    }

    @Override
    public OptionalLong end() {
      return OptionalLong.empty();
    }

    @Override
    public double learningRate(long step) {
      check(step >= 0, "step must not be negative, is %d", step);
      return step < warmupSteps ? warmup(peak, step, warmupSteps) : peak;
    }
  }

  /**
   * Warm-up, then half a cosine towards a fraction of the peak (Loshchilov and Hutter 2017, arXiv
   * 1608.03983, without restarts). The fraction itself would be reached at the step after the last,
   * so that no step is spent on a learning rate of 0.
   *
   * @param finalFraction what the learning rate falls to over the peak, in [0, 1)
   */
  record Cosine(double peak, long warmupSteps, long steps, double finalFraction)
      implements Schedule {

    /** Refuses what is not a schedule with {@link IllegalArgumentException}. */
    public Cosine {
      checkPeak(peak);
      check(
          warmupSteps >= 1 && warmupSteps < steps,
          "warm-up must take 1 to %d steps, takes %d",
          steps - 1,
          warmupSteps);
      check(
          finalFraction >= 0 && finalFraction < 1,
          "final fraction must lie in [0, 1), is %s",
          finalFraction);
    }

    @Override
    public OptionalLong end() {
      return OptionalLong.of(steps);
    }

    @Override
    public double learningRate(long step) {
      checkStep(step, steps);
      if (step < warmupSteps) {
        return warmup(peak, step, warmupSteps);
      }
      double progress = (double) (step + 1 - warmupSteps) / (steps + 1 - warmupSteps);
      double fall = (1 + Math.cos(Math.PI * progress)) / 2;
      return peak * (finalFraction + (1 - finalFraction) * fall);
    }
  }

  /**
   * Warm-up, constant, then a cooldown towards 0 of the shape 1 − √progress (Hägele et al. 2024,
   * arXiv 2405.18392). Zero itself would be reached at the step after the last, so that no step is
   * spent on a learning rate of 0.
   *
   * @param cooldownSteps length of the cooldown, at least 1
   */
  record Wsd(double peak, long warmupSteps, long steps, long cooldownSteps) implements Schedule {

    /** Refuses what is not a schedule with {@link IllegalArgumentException}. */
    public Wsd {
      checkPeak(peak);
      check(
          warmupSteps >= 1 && cooldownSteps >= 1 && cooldownSteps <= steps - warmupSteps,
          "warm-up and cooldown must take at least a step each and %d in all, take %d and %d",
          steps,
          warmupSteps,
          cooldownSteps);
    }

    @Override
    public OptionalLong end() {
      return OptionalLong.of(steps);
    }

    @Override
    public double learningRate(long step) {
      checkStep(step, steps);
      if (step < warmupSteps) {
        return warmup(peak, step, warmupSteps);
      }
      long cooling = step - branchPoint();
      return cooling < 0 ? peak : peak * (1 - Math.sqrt((double) cooling / cooldownSteps));
    }

    /** Returns the step before the cooldown, up to which the schedule is a {@link Trunk}'s. */
    public long branchPoint() {
      return steps - cooldownSteps;
    }
  }

  private static double warmup(double peak, long step, long warmupSteps) {
    return peak * ((double) (step + 1) / warmupSteps);
  }

  private static void checkPeak(double peak) {
    check(peak > 0 && Double.isFinite(peak), "peak must be positive, is %s", peak);
  }

  private static void checkStep(long step, long steps) {
    check(step >= 0 && step < steps, "step must lie in [0, %d), is %d", steps, step);
  }
}
