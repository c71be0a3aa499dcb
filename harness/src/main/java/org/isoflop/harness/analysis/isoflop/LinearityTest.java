package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.isoflop.harness.analysis.stats.Draws;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.PowerLaw;

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
    double[] off = residuals(optima, 2);
    double furthest = Arrays.stream(off).map(Math::abs).max().orElseThrow();
    double statistic = 0;
    for (int k = 0; k < count; k++) {
      statistic += Math.pow(off[k] / Math.max(optima.deviations()[k], ROUNDING / 10), 2);
    }
    double pValue =
        furthest < ROUNDING
            ? 1
            : 1
                - new FDistribution(count - 2, Math.max(1, optima.freedom()))
                    .cumulativeProbability(statistic / (count - 2));
    double[] weights = OptimaLine.weights(optima.deviations());
    Draws drift =
        new Draws(
            bend(optima.found(), weights),
            IntStream.range(0, optima.draws())
                .mapToDouble(r -> bend(optima.bounded(r), weights))
                .toArray());
    return new LinearityTest(pValue, drift.estimate(), pValue >= CHANCE);
  }

  /** Returns how far ln N* lie from a line in ln C, of two terms, or a quadratic, of three. */
  static double[] residuals(Optima optima, int terms) {
    double[] weights = OptimaLine.weights(optima.deviations());
    double[] x = Quadratic.centred(optima.lnFlops());
    double[] residuals = optima.lnParams();
    Quadratic bent = Quadratic.fit(x, residuals, weights);
    PowerLaw line = PowerLaw.fit(x, residuals, weights);
    Arrays.setAll(residuals, k -> residuals[k] - (terms == 3 ? bent.at(x[k]) : line.ln(x[k])));
    return residuals;
  }

  private static double bend(List<LnOptimum> optima, double[] weights) {
    double[] lnFlops = optima.stream().mapToDouble(LnOptimum::lnFlops).toArray();
    double[] lnParams = optima.stream().mapToDouble(LnOptimum::lnParams).toArray();
    return PER_DECADE * Quadratic.fit(Quadratic.centred(lnFlops), lnParams, weights).c2();
  }
}
