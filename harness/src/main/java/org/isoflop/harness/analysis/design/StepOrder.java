package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.design.DesignSearch.Suggestion;

/**
 * Puts chosen cells in order: next always the step that takes most off the variance of the top
 * exponent for its FLOPs, so that a user who stops early has spent well.
 */
final class StepOrder {

  private final double from;
  private final Map<BudgetOptions, List<DesignCell>> left = new LinkedHashMap<>();
  private final Map<BudgetOptions, List<DesignCell>> done = new LinkedHashMap<>();

  /**
   * Takes what was chosen.
   *
   * @param counted budgets that count in the end
   * @param numbers of further cells, one a counted budget
   * @param from lower end of the top, FLOPs
   */
  StepOrder(List<BudgetOptions> counted, List<Integer> numbers, double from) {
    this.from = from;
    for (int i = 0; i < counted.size(); i++) {
      left.put(counted.get(i), new ArrayList<>(counted.get(i).cells(numbers.get(i))));
      done.put(counted.get(i), new ArrayList<>());
    }
  }

  /** A step that could be next, and the variance after it. */
  private record Next(BudgetOptions budget, List<DesignCell> cells, double variance) {

    double flops() {
      return cells.size() * budget.budget();
    }
  }

  /** Returns the steps in order, with what they leave; none where nothing was chosen. */
  Suggestion suggestion() {
    OptionalDouble before = error(variance());
    List<Suggestion.Step> steps = new ArrayList<>();
    double variance = variance();
    while (left.values().stream().anyMatch(cells -> !cells.isEmpty())) {
      double now = variance;
      Next next =
          left.keySet().stream()
              .flatMap(budget -> next(budget).stream())
              .max(Comparator.comparingDouble(candidate -> gain(now, candidate)))
              .orElseThrow();
      next.cells().forEach(left.get(next.budget())::remove);
      done.get(next.budget()).addAll(next.cells());
      variance = next.variance();
      steps.add(new Suggestion.Step(next.cells(), error(variance)));
    }
    List<Double> budgets = done.keySet().stream().map(BudgetOptions::budget).toList();
    int below = budgets.size() - TopBudgets.count(budgets, from);
    return new Suggestion(
        budgets.subList(below, budgets.size()), steps, before, Math.sqrt(variance));
  }

  /** Taken per FLOP; where there is no exponent yet, the cheapest step comes first. */
  private static double gain(double now, Next next) {
    if (Double.isInfinite(now)) {
      return 1 / next.flops();
    }
    return (now - next.variance()) / next.flops();
  }

  /** Returns the steps this budget offers: single cells, or all that it needs to count. */
  private List<Next> next(BudgetOptions budget) {
    List<DesignCell> waiting = left.get(budget);
    List<Next> steps = new ArrayList<>();
    if (budget.variance(done.get(budget)) < Double.POSITIVE_INFINITY) {
      waiting.stream().distinct().forEach(cell -> steps.add(step(budget, List.of(cell))));
    } else if (!waiting.isEmpty()) {
      int fewest = 1;
      while (budget.variance(waiting.subList(0, fewest)) == Double.POSITIVE_INFINITY) {
        fewest++;
      }
      steps.add(step(budget, List.copyOf(waiting.subList(0, fewest))));
    }
    return steps;
  }

  private Next step(BudgetOptions budget, List<DesignCell> cells) {
    List<DesignCell> had = done.get(budget);
    List<DesignCell> tried = new ArrayList<>(had);
    tried.addAll(cells);
    done.put(budget, tried);
    double variance = variance();
    done.put(budget, had);
    return new Next(budget, cells, variance);
  }

  /** Returns the variance of the top exponent with what is done; infinite while there is none. */
  private double variance() {
    List<BudgetOptions> counted = new ArrayList<>();
    for (BudgetOptions budget : done.keySet()) {
      if (budget.variance(done.get(budget)) < Double.POSITIVE_INFINITY) {
        counted.add(budget);
      }
    }
    if (counted.size() < TopBudgets.FEWEST) {
      return Double.POSITIVE_INFINITY;
    }
    double[] weights =
        TopBudgets.weights(counted.stream().map(BudgetOptions::budget).toList(), from);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * counted.get(i).variance(done.get(counted.get(i)));
    }
    return sum;
  }

  private static OptionalDouble error(double variance) {
    return variance < Double.POSITIVE_INFINITY
        ? OptionalDouble.of(Math.sqrt(variance))
        : OptionalDouble.empty();
  }
}
