package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.FDistribution;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * Whether one straight line describes ln N* against ln C, and how much the exponent drifts if not.
 *
 * @param pValue chance of optima this far off a straight line if there were one, by their own noise
 * @param drift how much a changes per decade of compute
 * @param straight whether one line will do, at 5%
 */
public record LinearityTest(double pValue, Estimate drift, boolean straight) {

  private static final double CHANCE = 0.05;

  /** Optima this close to a line, in ln N*, lie on it but for rounding. */
  private static final double ROUNDING = 1e-6;

  /** Twice the quadratic's coefficient in ln C, per decade. */
  private static final double PER_DECADE = 2 * Math.log(10);

  /** Tests at least three optima. */
  static LinearityTest of(Optima optima) {
    int count = optima.size();
    double[] weights = OptimaLine.weights(optima, 0, count);
    double[] lnFlops = optima.lnFlops();
    double[] lnParams = optima.lnParams();
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
    double[] drawn = new double[optima.draws()];
    for (int r = 0; r < drawn.length; r++) {
      double[] x = new double[count];
      double[] y = new double[count];
      for (int k = 0; k < count; k++) {
        double shift = optima.shift(r, k);
        x[k] = optima.lnFlopsShifted(k, shift);
        y[k] = lnParams[k] + shift;
      }
      drawn[r] = PER_DECADE * bend(x, y, weights);
    }
    double drift = PER_DECADE * bend(lnFlops, lnParams, weights);
    return new LinearityTest(pValue, Quantiles.estimate(drift, drawn), pValue >= CHANCE);
  }

  private static double bend(double[] lnFlops, double[] lnParams, double[] weights) {
    return Quadratic.fit(centred(lnFlops), lnParams, weights).c2();
  }

  /** Returns ln C less their mean. */
  static double[] centred(double[] lnFlops) {
    double centre = Arrays.stream(lnFlops).average().orElseThrow();
    return Arrays.stream(lnFlops).map(x -> x - centre).toArray();
  }
}
