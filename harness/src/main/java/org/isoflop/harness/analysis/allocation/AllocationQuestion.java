package org.isoflop.harness.analysis.allocation;

import java.util.OptionalDouble;

/**
 * A budget to be split, and what else matters.
 *
 * @param budget training FLOPs, C
 * @param inferenceTokens tokens that the model will serve, T
 * @param uniqueTokens tokens there are before any repeats, U
 */
public record AllocationQuestion(
    double budget, OptionalDouble inferenceTokens, OptionalDouble uniqueTokens) {

  /** Refuses numbers that are not positive and finite. */
  public AllocationQuestion {
    requirePositive("budget", budget);
    inferenceTokens.ifPresent(value -> requirePositive("inferenceTokens", value));
    uniqueTokens.ifPresent(value -> requirePositive("uniqueTokens", value));
  }

  /** Returns the question of a training budget alone. */
  public static AllocationQuestion of(double budget) {
    return new AllocationQuestion(budget, OptionalDouble.empty(), OptionalDouble.empty());
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite, not " + value);
    }
  }
}
