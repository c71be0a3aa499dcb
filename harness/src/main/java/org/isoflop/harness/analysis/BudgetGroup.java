package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The points that share a budget. Points are grouped by relative distance, never by rounding to
 * digits: that merges budgets far apart and splits equal ones that lie about a rounding boundary.
 *
 * @param flops the budget they share: theirs where equal, else the geometric mean
 * @param points by params, then tokens, then loss, whatever the order of the input
 */
record BudgetGroup(double flops, List<LossPoint> points) {

  /** Sorted budgets closer than this, in ln C (about 2%), are neighbours in one group. */
  static final double LARGEST_GAP = Math.log(1.02);

  /** A chain of neighbours wider than this, in ln C (about 5%), is split at its widest gap. */
  static final double LARGEST_SPREAD = Math.log(1.05);

  private static final Comparator<LossPoint> BY_SIZE =
      Comparator.comparingDouble(LossPoint::params)
          .thenComparingDouble(LossPoint::tokens)
          .thenComparingDouble(LossPoint::loss);

  /** Groups points by budget, lowest first. */
  static List<BudgetGroup> of(List<LossPoint> points) {
    List<LossPoint> sorted = new ArrayList<>(points);
    sorted.sort(Comparator.comparingDouble(LossPoint::budget).thenComparing(BY_SIZE));
    List<BudgetGroup> groups = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || gapBefore(sorted, i) > LARGEST_GAP) {
        splitChain(sorted.subList(start, i), groups);
        start = i;
      }
    }
    return List.copyOf(groups);
  }

  private static double gapBefore(List<LossPoint> sorted, int i) {
    return Math.log(sorted.get(i).budget() / sorted.get(i - 1).budget());
  }

  private static void splitChain(List<LossPoint> chain, List<BudgetGroup> into) {
    if (chain.isEmpty()) {
      return;
    }
    double spread = Math.log(chain.get(chain.size() - 1).budget() / chain.get(0).budget());
    if (spread <= LARGEST_SPREAD) {
      into.add(new BudgetGroup(centre(chain), chain.stream().sorted(BY_SIZE).toList()));
      return;
    }
    int widest = 1;
    for (int i = 2; i < chain.size(); i++) {
      if (gapBefore(chain, i) > gapBefore(chain, widest)) {
        widest = i;
      }
    }
    splitChain(chain.subList(0, widest), into);
    splitChain(chain.subList(widest, chain.size()), into);
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
  double lnFlops() {
    return Math.log(flops);
  }

  /** Returns the smallest N. */
  double smallest() {
    return points.get(0).params();
  }

  /** Returns the largest N. */
  double largest() {
    return points.get(points.size() - 1).params();
  }

  /** Returns whether the lowest point lies strictly between the smallest and largest N. */
  boolean bracketed() {
    LossPoint lowest =
        points.stream().min(Comparator.comparingDouble(LossPoint::loss)).orElseThrow();
    return lowest.params() > smallest() && lowest.params() < largest();
  }
}
