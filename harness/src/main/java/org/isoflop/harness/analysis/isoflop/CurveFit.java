package org.isoflop.harness.analysis.isoflop;

import org.isoflop.harness.analysis.stats.Fitted;

/**
 * One budget's raw parabola: least squares of loss on ln N, all points alike (Hoffmann et al. 2022,
 * arXiv 2203.15556, section 3.2). What the field reports, and biased where the bowl is asymmetric,
 * the sizes are off centre or far apart, or a run went wrong.
 *
 * @param curve the budget
 * @param parabola loss against ln N
 * @param solution of the least squares, in x
 */
record CurveFit(Curve curve, Parabola parabola, LeastSquares.Solution solution) {

  private static final double FLAT = 1e-9;

  /** Fits, and accepts a parabola that opens upward with its vertex inside the measured sizes. */
  static Fitted<CurveFit> of(Curve curve) {
    int n = curve.size();
    double[][] columns = new double[4][n];
    for (int i = 0; i < n; i++) {
      columns[0][i] = 1;
      columns[1][i] = curve.x(i);
      columns[2][i] = curve.x(i) * curve.x(i);
      columns[3][i] = curve.loss(i);
    }
    LeastSquares.Solution solution = LeastSquares.solve(columns, n);
    double[] c = solution.coefficients();
    double span = curve.highest() - curve.lowest();
    if (!(c[2] * span * span > FLAT * Math.abs(c[0]))) {
      return Fitted.refused(curve.noBottom());
    }
    double vertex = -c[1] / (2 * c[2]);
    if (vertex <= curve.lowest() || vertex >= curve.highest()) {
      return Fitted.refused(curve.outside(vertex));
    }
    Parabola parabola = new Parabola(curve.lnParams(vertex), c[0] - c[2] * vertex * vertex, c[2]);
    return Fitted.of(new CurveFit(curve, parabola, solution));
  }

  /** Returns the vertex as x of the curve. */
  double x() {
    return curve.x(parabola.vertex());
  }
}
