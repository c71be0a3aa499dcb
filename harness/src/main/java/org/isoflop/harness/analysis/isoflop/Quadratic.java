package org.isoflop.harness.analysis.isoflop;

/**
 * A least-squares quadratic c0 + c1·x + c2·x², for quantities that are smooth along one budget's
 * sizes: ln D and ln FLOPs per token against ln N.
 *
 * @param c0 at x = 0
 * @param c1 slope there
 * @param c2 half the second derivative
 */
record Quadratic(double c0, double c1, double c2) {

  /**
   * Fits by least squares.
   *
   * @param x near 0; at least three different values
   * @param y as many
   */
  static Quadratic fit(double[] x, double[] y) {
    double[][] columns = new double[4][];
    columns[0] = new double[x.length];
    columns[1] = x.clone();
    columns[2] = new double[x.length];
    columns[3] = y.clone();
    for (int i = 0; i < x.length; i++) {
      columns[0][i] = 1;
      columns[2][i] = x[i] * x[i];
    }
    double[] c = LeastSquares.solve(columns, x.length).coefficients();
    return new Quadratic(c[0], c[1], c[2]);
  }

  double at(double x) {
    return c0 + x * (c1 + x * c2);
  }

  double slope(double x) {
    return c1 + 2 * c2 * x;
  }
}
