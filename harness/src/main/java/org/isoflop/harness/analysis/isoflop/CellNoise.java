package org.isoflop.harness.analysis.isoflop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of their noise the repeats of one cell have in common: what its shape, learning rate and
 * batch do to its loss, which no further seed averages out. Estimated by moments from the products
 * of residuals within cells (Searle, Casella and McCulloch 1992, chapter 5). Without it three seeds
 * of a cell would pass for three cells.
 */
final class CellNoise {

  private CellNoise() {}

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
      double[] moved = solution.influence(other.row[0], other.row[1], other.row[2]);
      return row[0] * moved[0] + row[1] * moved[1] + row[2] * moved[2];
    }
  }

  /**
   * Estimates the share from the residuals of a fit; none where nothing is repeated.
   *
   * <p>With M what the fit leaves of a residual and G which points share a cell, a share r gives
   * residuals the covariance M((1 − r)I + rG)M; the sums of their squares and of their products
   * within cells, against what these expect, give r.
   */
  static SharedNoise of(BowlModel model, BowlModel.Solved solved) {
    List<Curve> curves = model.curves();
    double squares = 0;
    double products = 0;
    double apart = 0;
    double alike = 0;
    double common = 0;
    for (int k = 0; k < curves.size(); k++) {
      LeastSquares.Solution solution = solved.solution(k);
      List<Cell> cells = List.copyOf(cells(model, solved, k).values());
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
      return SharedNoise.none();
    }
    int freedom = model.freedom();
    double ratio = products / squares;
    double share = (ratio * freedom + apart) / (apart + alike - ratio * (common - freedom));
    if (!(share > 0)) {
      return SharedNoise.none();
    }
    double most = Math.min(SharedNoise.MOST, share);
    int[][] group =
        SharedNoise.numbers(curves, (k, i) -> List.of(k, curves.get(k).x(i), curves.get(k).d(i)));
    return new SharedNoise(
        group, most, Math.sqrt(freedom / ((1 - most) * freedom + most * common)));
  }

  private static Map<List<Double>, Cell> cells(BowlModel model, BowlModel.Solved solved, int k) {
    Curve curve = model.curves().get(k);
    Bowl bowl = solved.bowl(curve, k);
    double scale = solved.noise().scale(k);
    Map<List<Double>, Cell> cells = new LinkedHashMap<>();
    for (int i = 0; i < curve.size(); i++) {
      if (model.kept(k, i)) {
        double[] row = model.row(solved.shape(), k, i);
        double off = curve.loss(i) - bowl.lossAt(curve.x(i), curve.d(i));
        Cell cell = cells.computeIfAbsent(List.of(curve.x(i), curve.d(i)), place -> new Cell(row));
        double residual = off * row[0] / scale;
        cell.count++;
        cell.sum += residual;
        cell.squares += residual * residual;
      }
    }
    return cells;
  }
}
