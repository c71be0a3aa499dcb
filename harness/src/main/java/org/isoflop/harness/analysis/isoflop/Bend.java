package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Quantiles;

/** Whether one straight line describes the optima, and how much the exponent drifts if not. */
final class Bend {

  private static final double CHANCE = 0.05;

  /** Optima this close to a line, in ln N*, lie on it but for rounding. */
  private static final double ROUNDING = 1e-6;

  private Bend() {}

  /** Returns the mean ln C. */
  static double centre(double[] lnFlops) {
    return Arrays.stream(lnFlops).average().orElseThrow();
  }

  /** Fits a weighted quadratic of y against ln C less its mean. */
  static Quadratic of(double[] lnFlops, double[] y, double[] weights) {
    int n = y.length;
    double centre = centre(lnFlops);
    double[][] columns = new double[4][n];
    for (int k = 0; k < n; k++) {
      double root = Math.sqrt(weights[k]);
      double x = lnFlops[k] - centre;
      columns[0][k] = root;
      columns[1][k] = root * x;
      columns[2][k] = root * x * x;
      columns[3][k] = root * y[k];
    }
    double[] c = LeastSquares.solve(columns, n).coefficients();
    return new Quadratic(c[0], c[1], c[2]);
  }

  /** Tests the straightness of at least three optima. */
  static Straightness test(Optima optima) {
    int count = optima.size();
    double[] weights = OptimaLine.weights(optima, 0, count);
    double[] lnFlops = IntStream.range(0, count).mapToDouble(optima::lnFlops).toArray();
    double[] lnParams = IntStream.range(0, count).mapToDouble(optima::lnParams).toArray();
    PowerLaw line = PowerLaw.fit(lnFlops, lnParams, weights);
    double statistic = 0;
    double furthest = 0;
    for (int k = 0; k < count; k++) {
      double off = lnParams[k] - line.ln(lnFlops[k]);
      furthest = Math.max(furthest, Math.abs(off));
      statistic += Math.pow(off / Math.max(optima.deviation(k), ROUNDING / 10), 2);
    }
    double pValue =
        furthest < ROUNDING
            ? 1
            : 1
                - new FDistribution(count - 2, Math.max(1, optima.freedom()))
                    .cumulativeProbability(statistic / (count - 2));
    double perDecade = 2 * Math.log(10);
    double drift = perDecade * of(lnFlops, lnParams, weights).c2();
    double[] drawn = new double[optima.draws()];
    for (int r = 0; r < drawn.length; r++) {
      double[] x = new double[count];
      double[] y = new double[count];
      for (int k = 0; k < count; k++) {
        double shift = optima.shift(r, k);
        x[k] = optima.lnFlopsShifted(k, shift);
        y[k] = lnParams[k] + shift;
      }
      drawn[r] = perDecade * of(x, y, weights).c2();
    }
    return new Straightness(pValue, Quantiles.estimate(drift, drawn), pValue >= CHANCE);
  }
}
