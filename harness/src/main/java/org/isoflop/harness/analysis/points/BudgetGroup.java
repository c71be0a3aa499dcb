package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The points that share a budget and have spent it. Points are grouped by relative distance, never
 * by rounding to digits: that merges budgets far apart and splits equal ones that lie about a
 * rounding boundary.
 *
 * @param flops the budget they share: theirs where equal, else the geometric mean
 * @param points by params, then tokens, then loss, whatever the order of the input
 */
public record BudgetGroup(double flops, List<LossPoint> points) {

  /** Sorted budgets closer than this, in ln C (about 2%), are neighbours in one group. */
  public static final double LARGEST_GAP = Math.log(1.02);

  /** A chain of neighbours wider than this, in ln C (about 5%), is split at its widest gap. */
  static final double LARGEST_SPREAD = Math.log(1.05);

  /** Groups by budget, lowest first, the points that are on theirs. */
  public static List<BudgetGroup> of(List<LossPoint> points) {
    List<LossPoint> sorted =
        points.stream().filter(LossPoint::onBudget).sorted(LossPoint.BY_BUDGET_AND_SIZE).toList();
    List<BudgetGroup> groups = new ArrayList<>();
    int start = 0;
    for (int end : ends(sorted.stream().mapToDouble(LossPoint::budget).toArray())) {
      List<LossPoint> chain = sorted.subList(start, end);
      groups.add(new BudgetGroup(centre(chain), chain.stream().sorted(LossPoint.BY_SIZE).toList()));
      start = end;
    }
    return List.copyOf(groups);
  }

  /**
   * Returns the index at which every group of sorted budgets ends, the next begins. Gaps are taken
   * from the widest to the narrowest, equal ones from the left, so that each is the widest of the
   * chain it is in: what is not cut there is cut nowhere.
   */
  private static SortedSet<Integer> ends(double[] budgets) {
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, budgets.length));
    ToDoubleFunction<Integer> gap = i -> Math.log(budgets[i] / budgets[i - 1]);
    IntStream.range(1, budgets.length)
        .boxed()
        .sorted(Comparator.comparingDouble(gap).reversed())
        .forEach(
            i -> {
              double spread = Math.log(budgets[cuts.higher(i) - 1] / budgets[cuts.lower(i)]);
              if (gap.applyAsDouble(i) > LARGEST_GAP || spread > LARGEST_SPREAD) {
                cuts.add(i);
              }
            });
    return cuts.tailSet(1);
  }

  private static double centre(List<LossPoint> sorted) {
    double first = sorted.get(0).budget();
    if (first == sorted.get(sorted.size() - 1).budget()) {
      return first;
    }
    double meanOffset =
        sorted.stream().mapToDouble(p -> Math.log(p.budget() / first)).average().orElseThrow();
    return first * Math.exp(meanOffset);
  }

  /** Returns ln C. */
  public double lnFlops() {
    return Math.log(flops);
  }

  /** Returns the smallest N. */
  public double smallest() {
    return points.get(0).params();
  }

  /** Returns the largest N. */
  public double largest() {
    return points.get(points.size() - 1).params();
  }
}
