package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

/**
 * A point of a job at which it must be fully decayed and evaluated; each one yields a loss point.
 *
 * @param budget FLOPs the grid gave the cell
 * @param steps optimiser steps up to here
 * @param tokens training tokens seen up to here, {@code steps} whole batches
 * @param flops exact training FLOPs up to here, within 1% of the budget
 * @param learningRateDeparture the peak it is trained with over its own, which a trunk that serves
 *     several horizons need not have; 1 where it has
 * @param batchDeparture the same of the batch
 * @param setting which of the cell's settings it is trained with
 * @param use what its loss is for
 */
public record Horizon(
    double budget,
    long steps,
    long tokens,
    double flops,
    double learningRateDeparture,
    double batchDeparture,
    Setting setting,
    Use use) {

  /** What a loss is for. */
  public enum Use {
    /** To be a point of its cell. */
    POINT,
    /** To be compared with the branch of the same cell: a separate run. */
    VERIFICATION,
    /** To be compared with the point of the same cell: another learning rate. */
    CONTROL
  }

  /** Refuses anything that is not positive with {@link IllegalArgumentException}. */
  public Horizon {
    check(budget > 0 && Double.isFinite(budget), "budget must be positive, is %s", budget);
    check(steps >= 1, "steps must be at least 1, are %d", steps);
    check(tokens >= steps, "tokens must be at least the %d steps, are %d", steps, tokens);
    check(flops > 0 && Double.isFinite(flops), "FLOPs must be positive, are %s", flops);
    check(
        learningRateDeparture > 0 && batchDeparture > 0,
        "departures must be positive, are %s and %s",
        learningRateDeparture,
        batchDeparture);
  }

  /** The horizon of a cell with one setting, trained with its own learning rate and batch. */
  public Horizon(double budget, long steps, long tokens, double flops) {
    this(budget, steps, tokens, flops, 1, 1, Setting.ONE, Use.POINT);
  }

  /** Returns the same of another setting, for another use. */
  Horizon of(Setting other, Use otherUse) {
    return new Horizon(
        budget, steps, tokens, flops, learningRateDeparture, batchDeparture, other, otherUse);
  }

  /** Returns the larger of the two departures, as a factor of at least 1 whichever way it goes. */
  public double departure() {
    return Math.max(factor(learningRateDeparture), factor(batchDeparture));
  }

  /** Returns how far a ratio is from 1, as a factor of at least 1. */
  static double factor(double ratio) {
    return Math.max(ratio, 1 / ratio);
  }
}
