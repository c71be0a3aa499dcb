package org.isoflop.harness.analysis.design;

import java.util.List;

/** Which budgets the top local exponent rests on: the highest half, at least three. */
final class TopBudgets {

  /** Two optima lie on a line whatever they are. */
  static final int FEWEST = 3;

  private TopBudgets() {}

  /**
   * Returns the top of a list that is sorted lowest first; all of it where there are only three.
   */
  static <T> List<T> of(List<T> sorted) {
    int count = Math.min(sorted.size(), Math.max(FEWEST, (sorted.size() + 1) / 2));
    return sorted.subList(sorted.size() - count, sorted.size());
  }

  /** Returns the lower end of the top of these budgets, FLOPs, lowest first. */
  static double from(List<Double> budgets) {
    return of(budgets).get(0);
  }

  /** Returns how many of a list that is sorted lowest first lie at the top, at least three. */
  static int count(List<Double> budgets, double from) {
    int above = (int) budgets.stream().filter(budget -> budget >= from).count();
    return Math.min(budgets.size(), Math.max(FEWEST, above));
  }

  /**
   * Returns what the variance of each budget's ln N* is multiplied with in the variance of the
   * slope of a least-squares line through the top; 0 below the top.
   *
   * @param budgets FLOPs, lowest first, at least three
   * @param from the top's lower end, FLOPs; it reaches further down where it would hold fewer than
   *     three
   */
  static double[] weights(List<Double> budgets, double from) {
    int below = budgets.size() - count(budgets, from);
    List<Double> top = budgets.subList(below, budgets.size());
    double mean = top.stream().mapToDouble(Math::log).average().orElseThrow();
    double squares = top.stream().mapToDouble(c -> square(Math.log(c) - mean)).sum();
    double[] weights = new double[budgets.size()];
    for (int i = below; i < weights.length; i++) {
      weights[i] = square((Math.log(budgets.get(i)) - mean) / squares);
    }
    return weights;
  }

  private static double square(double x) {
    return x * x;
  }
}
