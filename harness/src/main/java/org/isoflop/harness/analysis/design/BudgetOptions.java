package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.List;

/**
 * What a budget could be given: for every number of further cells, the best ones and the variance
 * of ln N* with them. One cell more is never worse.
 *
 * <p>Cells are added greedily, then exchanged while that helps. A budget without any first gets a
 * block of sizes over the whole width, which stays: the variance alone would put all runs near the
 * two ends, where they show the optimum only if the law is right.
 */
final class BudgetOptions {

  /** Sizes a new budget begins with. */
  static final int BLOCK = 5;

  /**
   * Runs of one size at one budget, the measured one included. Further seeds average out what the
   * seed does; what is peculiar to a decoder, such as its ratio of depth to width, no seed averages
   * out.
   */
  private static final int MOST_RUNS = 3;

  private final double budget;
  private final List<DesignCell> measured;
  private final List<DesignCell> candidates;
  private final VertexVariance variance;
  private final List<List<DesignCell>> added = new ArrayList<>();

  /**
   * Works out the options.
   *
   * @param measured may be empty
   * @param candidates cells of this budget, by size
   * @param curve the law at this budget
   * @param noise of a run's loss
   * @param most further cells, at least 0
   */
  BudgetOptions(
      List<DesignCell> measured,
      List<DesignCell> candidates,
      BudgetCells curve,
      RunNoise noise,
      int most) {
    this.budget = curve.budget();
    this.measured = measured;
    this.candidates = candidates;
    this.variance = new VertexVariance(curve, noise);
    added.add(List.of());
    List<DesignCell> block = measured.isEmpty() ? block(candidates) : List.of();
    for (int m = 1; m <= most; m++) {
      // Part of a block is worth nothing, whatever it is.
      List<DesignCell> next = m <= block.size() ? block.subList(0, m) : grown(added.get(m - 1));
      if (next.isEmpty()) {
        break;
      }
      added.add(exchanged(next, block.size()));
    }
  }

  private static List<DesignCell> block(List<DesignCell> candidates) {
    int sizes = Math.min(BLOCK, candidates.size());
    List<DesignCell> block = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      block.add(candidates.get(Math.round(i * (candidates.size() - 1f) / Math.max(1, sizes - 1))));
    }
    return List.copyOf(block);
  }

  double budget() {
    return budget;
  }

  /** Returns the largest number of further cells there are options for. */
  int most() {
    return added.size() - 1;
  }

  /** Returns the best further cells of that number. */
  List<DesignCell> cells(int number) {
    return added.get(number);
  }

  /** Returns the variance of ln N* with the best further cells of that number. */
  double variance(int number) {
    return variance(added.get(number));
  }

  /** Returns the variance of ln N* with these further cells; infinite where there is no optimum. */
  double variance(List<DesignCell> further) {
    if (measured.isEmpty() && further.size() < Math.min(BLOCK, candidates.size())) {
      return Double.POSITIVE_INFINITY;
    }
    return variance.of(joined(further));
  }

  /** Returns whether the measured cells give an optimum by themselves. */
  boolean usable() {
    return variance(0) < Double.POSITIVE_INFINITY;
  }

  private List<DesignCell> joined(List<DesignCell> further) {
    List<DesignCell> all = new ArrayList<>(measured);
    all.addAll(further);
    return all;
  }

  /** Returns these and the best one more; empty where none is left. */
  private List<DesignCell> grown(List<DesignCell> further) {
    List<DesignCell> best = List.of();
    double least = Double.POSITIVE_INFINITY;
    for (DesignCell candidate : candidates) {
      List<DesignCell> tried = new ArrayList<>(further);
      tried.add(candidate);
      double found = variance.finite(joined(tried));
      if (found < least && allowed(tried, candidate)) {
        least = found;
        best = tried;
      }
    }
    return best;
  }

  /** Returns whether there are not too many runs of a size among the measured and these. */
  private boolean allowed(List<DesignCell> further, DesignCell size) {
    return joined(further).stream().filter(cell -> BudgetCells.sameSize(cell, size)).count()
        <= MOST_RUNS;
  }

  /** Returns these with all but the first ones exchanged where that helps. */
  private List<DesignCell> exchanged(List<DesignCell> further, int fixed) {
    List<DesignCell> best = new ArrayList<>(further);
    double least = variance(best);
    for (int i = fixed; i < best.size(); i++) {
      for (DesignCell candidate : candidates) {
        List<DesignCell> tried = new ArrayList<>(best);
        tried.set(i, candidate);
        double found = variance(tried);
        if (found < least && allowed(tried, candidate)) {
          least = found;
          best = tried;
        }
      }
    }
    return List.copyOf(best);
  }
}
