package org.isoflop.harness.analysis.design;

import java.util.List;

/**
 * How well the cells of one budget locate its optimum: the variance of the vertex of a quadratic of
 * ln L on ln N, linearised about the law (the delta method; a design that minimises it is
 * c-optimal, Atkinson, Donev and Tobias 2007, chapter 10).
 *
 * <p>With z = ln N − ln N* and curvature c, a vertex moves by −δ₁/2c where the linear coefficient
 * moves by δ₁. A cell of m runs is known to s² + σ²/m, σ what a seed does and s what its runs
 * share, and counts less the further the law departs there from its own parabola, by 1 / (s² + σ²/m
 * + departure²): otherwise the best design for a parabola would lie where no parabola holds.
 */
final class VertexVariance {

  /** Information that stands for none, so that too few cells can be compared, too. */
  private static final double RIDGE = 1e-6;

  private final BudgetCells curve;
  private final double ofSeed;
  private final double ofCell;
  private final double optimum;
  private final double curvature;
  private final double lnLeast;

  /**
   * Prepares to judge cells.
   *
   * @param curve tells where the optimum is
   * @param noise of a run's loss, positive
   */
  VertexVariance(BudgetCells curve, RunNoise noise) {
    this.curve = curve;
    this.ofSeed = noise.ofSeed(curve.budget());
    this.ofCell = noise.ofCell(curve.budget());
    this.optimum = curve.lnOptimum();
    this.curvature = curve.curvature();
    this.lnLeast = Math.log(curve.loss(optimum));
  }

  /** Returns the variance of ln N*; infinite where the cells give no optimum. */
  double of(List<DesignCell> cells) {
    return curve.usable(cells) ? finite(cells) : Double.POSITIVE_INFINITY;
  }

  /** Returns a variance for any cells, larger the further they are from giving an optimum. */
  double finite(List<DesignCell> cells) {
    double whole = ofSeed * ofSeed + ofCell * ofCell;
    double[] moments = {RIDGE, 0, RIDGE, 0, RIDGE};
    for (DesignCell cell : cells) {
      double z = cell.lnParams() - optimum;
      double departure = Math.log(curve.loss(optimum + z)) - lnLeast - curvature * z * z;
      long runs = cells.stream().filter(other -> BudgetCells.sameSize(cell, other)).count();
      // Its part of what all runs of its size tell together.
      double alike = ofCell * ofCell + departure * departure;
      double power = whole / (ofSeed * ofSeed + runs * alike);
      for (int i = 0; i < moments.length; i++) {
        moments[i] += power;
        power *= z;
      }
    }
    return whole * linear(moments) / (4 * curvature * curvature);
  }

  /** Returns the middle diagonal element of the inverse of the matrix of moments. */
  private static double linear(double[] m) {
    double determinant =
        m[0] * (m[2] * m[4] - m[3] * m[3])
            - m[1] * (m[1] * m[4] - m[2] * m[3])
            + m[2] * (m[1] * m[3] - m[2] * m[2]);
    return (m[0] * m[4] - m[2] * m[2]) / determinant;
  }
}
