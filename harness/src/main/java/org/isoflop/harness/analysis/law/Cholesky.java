package org.isoflop.harness.analysis.law;

/**
 * Solves systems of up to five equations in place, without the objects a library's decomposition
 * makes: the fits of a bootstrap solve several hundred thousand.
 */
final class Cholesky {

  private Cholesky() {}

  /** Returns where (row, column) lies in a packed lower triangle, column ≤ row. */
  static int at(int row, int column) {
    return row * (row + 1) / 2 + column;
  }

  /**
   * Solves M·x = b.
   *
   * @param matrix packed lower triangle; replaced by its factor
   * @param x b; replaced by the solution
   * @return whether the matrix is positive definite; if not, both hold nothing of use
   */
  static boolean solve(int size, double[] matrix, double[] x) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[at(i, j)];
        for (int k = 0; k < j; k++) {
          sum -= matrix[at(i, k)] * matrix[at(j, k)];
        }
        if (i > j) {
          matrix[at(i, j)] = sum / matrix[at(j, j)];
        } else if (sum > 1e-15 * matrix[at(i, i)]) {
          matrix[at(i, i)] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= matrix[at(i, k)] * x[k];
      }
      x[i] /= matrix[at(i, i)];
    }
    for (int i = size - 1; i >= 0; i--) {
      for (int k = i + 1; k < size; k++) {
        x[i] -= matrix[at(k, i)] * x[k];
      }
      x[i] /= matrix[at(i, i)];
    }
    return true;
  }
}
