package org.isoflop.harness.analysis;

import java.util.List;

/**
 * What a method finds on the measured grid if the fitted law were the truth, less that truth.
 *
 * @param method the method
 * @param a found less true exponent of N*
 * @param b found less true exponent of D*
 * @param optima at each budget where the method finds an optimum
 */
public record Bias(Method method, double a, double b, List<AtBudget> optima) {

  /** Copies the list. */
  public Bias {
    optima = List.copyOf(optima);
  }

  /**
   * The bias at one budget.
   *
   * @param budget FLOPs, C
   * @param lnParams ln of the N* found over the true one
   */
  public record AtBudget(double budget, double lnParams) {}
}
