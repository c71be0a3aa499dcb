package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

/**
 * A point of a job at which it must be fully decayed and evaluated; each one yields a loss point.
 *
 * @param budget FLOPs the grid gave the cell
 * @param steps optimiser steps up to here
 * @param tokens training tokens seen up to here, {@code steps} whole batches
 * @param flops exact training FLOPs up to here, within 1% of the budget
 */
public record Horizon(double budget, long steps, long tokens, double flops) {

  /** Refuses anything that is not positive with {@link IllegalArgumentException}. */
  public Horizon {
    check(budget > 0 && Double.isFinite(budget), "budget must be positive, is %s", budget);
    check(steps >= 1, "steps must be at least 1, are %d", steps);
    check(tokens >= steps, "tokens must be at least the %d steps, are %d", steps, tokens);
    check(flops > 0 && Double.isFinite(flops), "FLOPs must be positive, are %s", flops);
  }
}
