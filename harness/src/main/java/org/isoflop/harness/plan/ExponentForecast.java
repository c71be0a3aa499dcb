package org.isoflop.harness.plan;

import java.util.List;
import java.util.OptionalDouble;

/** How sharp an exponent a grid can give, told before it is run. */
final class ExponentForecast {

  /** Spread of ln N* about its line, per budget, seen in a large public set of IsoFLOP curves. */
  private static final double SD_LOG_OPTIMUM = 0.11;

  /** Fewest budgets whose optima show more than the line through them. */
  static final int FEWEST_BUDGETS = 3;

  private ExponentForecast() {}

  /**
   * Returns the expected standard error of a in N* ∝ C^a, that of a least-squares slope of ln N* on
   * ln C, or nothing below three budgets.
   */
  static OptionalDouble standardError(List<Double> budgets) {
    if (budgets.size() < FEWEST_BUDGETS) {
      return OptionalDouble.empty();
    }
    double mean = budgets.stream().mapToDouble(Math::log).average().orElseThrow();
    double squares = budgets.stream().mapToDouble(c -> Math.pow(Math.log(c) - mean, 2)).sum();
    return OptionalDouble.of(SD_LOG_OPTIMUM / Math.sqrt(squares));
  }
}
