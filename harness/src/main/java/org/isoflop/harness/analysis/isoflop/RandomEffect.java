package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;

/**
 * The part of their noise that points which belong together have in common: a random effect of
 * their run, where one trunk has points at several budgets, or of their cell, where it has repeats.
 * The share is estimated by moments from the products of residuals within groups (Searle, Casella
 * and McCulloch 1992, chapter 5), what the fit leaves of each residual allowed for.
 *
 * @param groups the number of every point's group, by budget and point
 * @param share of the variance that the points of a group have in common
 * @param scale by how much the noise is larger than points all on their own would make it
 */
@SuppressWarnings("ArrayRecordComponent") // numbers of groups, never compared
record RandomEffect(int[][] groups, double share, double scale) {

  /** No share is taken to be all of the noise. */
  private static final double MOST = 0.95;

  /** Takes all noise as the points' own. */
  static RandomEffect none() {
    return new RandomEffect(new int[0][], 0, 1);
  }

  /** Draws the standardised common part of every group; empty where there is none. */
  double[] draw(SplittableRandom random) {
    double[] drawn = new double[share > 0 ? count(groups) : 0];
    Arrays.setAll(drawn, g -> random.nextGaussian());
    return drawn;
  }

  /** Numbers groups from 0 by what the points of a budget belong to. */
  private static int[][] numbers(
      List<BudgetPoints> budgets, BiFunction<Integer, Integer, Object> belongsTo) {
    Map<Object, Integer> numbers = new HashMap<>();
    int[][] group = new int[budgets.size()][];
    for (int k = 0; k < group.length; k++) {
      int budget = k;
      group[k] = new int[budgets.get(k).size()];
      Arrays.setAll(
          group[k], i -> numbers.computeIfAbsent(belongsTo.apply(budget, i), it -> numbers.size()));
    }
    return group;
  }

  /** Returns how many groups there are. */
  static int count(int[][] group) {
    return 1 + Arrays.stream(group).flatMapToInt(Arrays::stream).max().orElse(-1);
  }

  /** Numbers the runs of all points from 0. */
  static int[][] runs(List<BudgetPoints> budgets) {
    return numbers(budgets, (k, i) -> budgets.get(k).points().get(i).lineage());
  }

  /** Estimates what points of one run share; nothing where no run has two points. */
  static RandomEffect ofRuns(Fit fit) {
    List<BudgetPoints> budgets = fit.model().budgets();
    int[][] run = runs(budgets);
    int count = count(run);
    if (count == budgets.stream().mapToInt(BudgetPoints::size).sum()) {
      return none();
    }
    double[] sum = new double[count];
    double[] squares = new double[count];
    double[] left = new double[count];
    double[] leftSquares = new double[count];
    double variance = 0;
    for (int k = 0; k < run.length; k++) {
      double scale = fit.noise().scale(k);
      variance += fit.solution(k).squares() / (scale * scale) / fit.model().freedom();
      for (int i : fit.model().keptOf(k)) {
        double free = 1 - fit.solution(k).leverage(fit.model().row(fit.shape(), k, i));
        double residual = fit.standardised(k, i);
        int r = run[k][i];
        sum[r] += residual;
        squares[r] += residual * residual;
        left[r] += free;
        leftSquares[r] += free * free;
      }
    }
    double products = 0;
    double expected = 0;
    for (int r = 0; r < count; r++) {
      products += sum[r] * sum[r] - squares[r];
      expected += left[r] * left[r] - leftSquares[r];
    }
    double share = expected > 0 && variance > 0 ? products / expected / variance : 0;
    return new RandomEffect(run, Math.max(0, Math.min(MOST, share)), 1);
  }

  /** The repeats of a cell: their row of the design, how many, and their residuals' sums. */
  private static final class Cell {
    private final double[] row;
    private int count;
    private double sum;
    private double squares;

    Cell(double[] row) {
      this.row = row;
    }

    /** Returns the entry of the hat matrix that belongs to a point of each of two cells. */
    double hat(Cell other, LeastSquares.Solution solution) {
      double[] moved = solution.influence(other.row);
      return row[0] * moved[0] + row[1] * moved[1] + row[2] * moved[2];
    }
  }

  /**
   * Estimates what the repeats of one cell share: what its shape, learning rate and batch do to its
   * loss, which no further seed averages out. Without it three seeds of a cell would pass for three
   * cells. Nothing where nothing is repeated.
   *
   * <p>With M what the fit leaves of a residual and G which points share a cell, a share r gives
   * residuals the covariance M((1 − r)I + rG)M; the sums of their squares and of their products
   * within cells, against what these expect, give r.
   */
  static RandomEffect ofCells(Fit fit) {
    List<BudgetPoints> budgets = fit.model().budgets();
    BiFunction<Integer, Integer, Object> cellOf =
        (k, i) -> List.of(k, budgets.get(k).x(i), budgets.get(k).d(i));
    double squares = 0;
    double products = 0;
    double apart = 0;
    double alike = 0;
    double common = 0;
    for (int k = 0; k < budgets.size(); k++) {
      LeastSquares.Solution solution = fit.solution(k);
      List<Cell> cells = cells(fit, k, cellOf);
      for (Cell cell : cells) {
        double own = cell.hat(cell, solution);
        squares += cell.squares;
        common += cell.count - cell.count * cell.count * own;
        double pairs = cell.count * (cell.count - 1.0);
        if (pairs > 0) {
          products += cell.sum * cell.sum - cell.squares;
          apart += pairs * own;
          for (Cell other : cells) {
            double left = (other == cell ? 1 : 0) - other.count * cell.hat(other, solution);
            alike += pairs * left * left;
          }
        }
      }
    }
    if (!(apart > 0 && squares > 0)) {
      return none();
    }
    int freedom = fit.model().freedom();
    double ratio = products / squares;
    double share = (ratio * freedom + apart) / (apart + alike - ratio * (common - freedom));
    if (!(share > 0)) {
      return none();
    }
    double most = Math.min(MOST, share);
    double scale = Math.sqrt(freedom / ((1 - most) * freedom + most * common));
    return new RandomEffect(numbers(budgets, cellOf), most, scale);
  }

  private static List<Cell> cells(Fit fit, int k, BiFunction<Integer, Integer, Object> cellOf) {
    Map<Object, Cell> cells = new LinkedHashMap<>();
    for (int i : fit.model().keptOf(k)) {
      double[] row = fit.model().row(fit.shape(), k, i);
      Cell cell = cells.computeIfAbsent(cellOf.apply(k, i), place -> new Cell(row));
      double residual = fit.standardised(k, i);
      cell.count++;
      cell.sum += residual;
      cell.squares += residual * residual;
    }
    return List.copyOf(cells.values());
  }
}
