package org.isoflop.harness.analysis.isoflop;

/**
 * Least squares with three columns, by modified Gram-Schmidt with one re-orthogonalisation: small
 * enough to be solved a million times in a resampling, which a general matrix library is not.
 */
final class LeastSquares {

  private static final int COLUMNS = 3;

  private LeastSquares() {}

  /** A solution. */
  static final class Solution {

    private final double[] coefficients;
    private final double[] r;
    private final double squares;

    private Solution(double[] coefficients, double[] r, double squares) {
      this.coefficients = coefficients;
      this.r = r;
      this.squares = squares;
    }

    /** Returns the coefficients of the three columns, a copy. */
    double[] coefficients() {
      return coefficients.clone();
    }

    /** Returns the sum of squared residuals. */
    double squares() {
      return squares;
    }

    /** Returns x'(X'X)⁻¹x of a row. */
    double leverage(double x0, double x1, double x2) {
      double a0 = x0 / r[0];
      double a1 = (x1 - r[1] * a0) / r[3];
      double a2 = (x2 - r[2] * a0 - r[4] * a1) / r[5];
      return a0 * a0 + a1 * a1 + a2 * a2;
    }

    /** Returns the column of (X'X)⁻¹X' that belongs to a row: how it moves the coefficients. */
    double[] influence(double x0, double x1, double x2) {
      double a0 = x0 / r[0];
      double a1 = (x1 - r[1] * a0) / r[3];
      double a2 = (x2 - r[2] * a0 - r[4] * a1) / r[5];
      double[] moved = new double[COLUMNS];
      addDraw(a0, a1, a2, moved);
      return moved;
    }

    /** Returns ln of the square root of det(X'X). */
    double lnDeterminant() {
      return Math.log(r[0] * r[3] * r[5]);
    }

    /** Adds R⁻¹·z to coefficients: a draw from their sampling distribution at unit noise. */
    void addDraw(double z0, double z1, double z2, double[] to) {
      double d2 = z2 / r[5];
      double d1 = (z1 - r[4] * d2) / r[3];
      to[0] += (z0 - r[1] * d1 - r[2] * d2) / r[0];
      to[1] += d1;
      to[2] += d2;
    }
  }

  /**
   * Solves, and leaves the orthonormal columns and the residuals in the columns given.
   *
   * @param columns three of the design, then the response; overwritten
   * @param rows how many entries of each count
   */
  static Solution solve(double[][] columns, int rows) {
    // Upper triangle row by row: r00, r01, r02, r11, r12, r22.
    double[] r = new double[6];
    double[] b = new double[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
      double[] q = columns[j];
      // The second sweep restores orthogonality that nearly dependent columns lose in the first.
      for (int sweep = 0; sweep < 2; sweep++) {
        for (int i = 0; i < j; i++) {
          r[index(i, j)] += project(columns[i], q, rows);
        }
      }
      double norm = 0;
      for (int k = 0; k < rows; k++) {
        norm += q[k] * q[k];
      }
      norm = Math.sqrt(norm);
      r[index(j, j)] = norm;
      for (int k = 0; k < rows; k++) {
        q[k] /= norm;
      }
    }
    double[] y = columns[COLUMNS];
    for (int sweep = 0; sweep < 2; sweep++) {
      for (int j = 0; j < COLUMNS; j++) {
        b[j] += project(columns[j], y, rows);
      }
    }
    double squares = 0;
    for (int k = 0; k < rows; k++) {
      squares += y[k] * y[k];
    }
    double c2 = b[2] / r[5];
    double c1 = (b[1] - r[4] * c2) / r[3];
    double c0 = (b[0] - r[1] * c1 - r[2] * c2) / r[0];
    return new Solution(new double[] {c0, c1, c2}, r, squares);
  }

  private static int index(int i, int j) {
    return i == 0 ? j : i == 1 ? 2 + j : 5;
  }

  private static double project(double[] q, double[] from, int rows) {
    double dot = 0;
    for (int k = 0; k < rows; k++) {
      dot += q[k] * from[k];
    }
    for (int k = 0; k < rows; k++) {
      from[k] -= dot * q[k];
    }
    return dot;
  }
}
