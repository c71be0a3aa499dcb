package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.analysis.law.Law;

/**
 * Which cells of a grid to run again with other seeds, so that the interval of the exponent a over
 * all budgets shrinks most for some FLOPs: one run after the other, always the one that takes most
 * off the variance of a for what it costs, as long as that is more than the same FLOPs would,
 * spread over the whole grid. The variance is the one {@link DesignSearch} has, of the slope of a
 * line through the optima.
 */
public final class RepeatSearch {

  /** Sums of the same FLOPs in another order may differ by this share. */
  private static final double ROUNDING = 1e-9;

  /** What one more run of a cell costs, where runs may go on from each other's trunks. */
  @FunctionalInterface
  public interface Cost {

    /**
     * Returns the further FLOPs, positive.
     *
     * @param cell number of the cell
     * @param runs of every cell there are already
     */
    double flops(int cell, int[] runs);
  }

  /** The budgets that have an optimum: what each one's variance counts for, and its cells. */
  private record Account(double weight, CurveDesign curve, List<Integer> cells) {}

  private final List<DesignCell> cells;
  private final RunNoise noise;
  private final List<Account> accounts = new ArrayList<>();

  /**
   * Prepares to search.
   *
   * @param law where the optima are expected
   * @param noise of a run's loss
   * @param cells all different
   */
  public RepeatSearch(Law law, RunNoise noise, List<DesignCell> cells) {
    this.cells = List.copyOf(cells);
    this.noise = noise;
    List<CurveDesign> usable =
        CurveDesign.of(law, cells).stream().filter(CurveDesign::usable).toList();
    if (usable.size() < TopBudgets.FEWEST) {
      return; // no exponent, and nothing that could sharpen it
    }
    List<Double> budgets = usable.stream().map(CurveDesign::budget).toList();
    double[] weights = TopBudgets.weights(budgets, budgets.get(0));
    for (int k = 0; k < weights.length; k++) {
      List<Integer> own = new ArrayList<>();
      for (int i = 0; i < cells.size(); i++) {
        if (cells.get(i).budget() == budgets.get(k)) {
          own.add(i);
        }
      }
      accounts.add(new Account(weights[k], usable.get(k), own));
    }
  }

  /**
   * Returns the cells to run once more, the most useful for its FLOPs first; the same again and
   * again gets several runs. None where fewer than three budgets can have an optimum.
   *
   * @param begun runs of every cell there are already, at least 1
   * @param most runs that a cell may come to
   * @param grid what one run of every cell costs, FLOPs
   * @param flops what all further runs may cost together
   */
  public List<Integer> best(int[] begun, int most, double grid, double flops, Cost cost) {
    int[] runs = begun.clone();
    List<Integer> chosen = new ArrayList<>();
    double left = flops * (1 + ROUNDING);
    while (true) {
      int best = -1;
      double spent = 0;
      // Variance goes down as one over what is spent on all alike.
      double mostGain =
          accounts.stream().mapToDouble(a -> a.weight() * variance(a, runs)).sum() / grid;
      for (Account account : accounts) {
        double now = variance(account, runs);
        for (int cell : account.cells()) {
          double further = runs[cell] < most ? cost.flops(cell, runs) : Double.POSITIVE_INFINITY;
          if (further <= left) {
            runs[cell]++;
            double gain = account.weight() * (now - variance(account, runs)) / further;
            runs[cell]--;
            if (gain > mostGain) {
              best = cell;
              mostGain = gain;
              spent = further;
            }
          }
        }
      }
      if (best < 0) {
        return chosen;
      }
      runs[best]++;
      left -= spent;
      chosen.add(best);
    }
  }

  private double variance(Account account, int[] runs) {
    List<DesignCell> all = new ArrayList<>();
    for (int cell : account.cells()) {
      for (int run = 0; run < runs[cell]; run++) {
        all.add(cells.get(cell));
      }
    }
    return account.curve().variance(all, noise);
  }
}
