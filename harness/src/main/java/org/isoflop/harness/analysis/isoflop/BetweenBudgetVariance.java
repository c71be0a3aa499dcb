package org.isoflop.harness.analysis.isoflop;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * How the optima lie about a smooth frontier, against what the noise of their own curves allows.
 *
 * <p>Optima can scatter more than their curves show: a seed or data order that a whole budget
 * shares, a learning rate that suits some sizes only, digitised figures. What is left over is
 * estimated by the method of moments, as between-study variance is in a random-effects
 * meta-analysis (DerSimonian and Laird 1986), about a line for up to four optima and about a
 * quadratic for more, so that a steady drift of the exponent is not taken for scatter. Where chance
 * would leave so much over in fewer than one sweep in ten (in twenty, about a line), it is drawn
 * again at every budget: a stricter test would leave intervals far too narrow where scatter is
 * there but just not proved.
 *
 * @param explained standard deviation of ln N* by the noise within the curves
 * @param excess standard deviation of ln N* beyond it; 0 where not significant
 * @param freedom degrees of freedom behind the excess
 */
public record BetweenBudgetVariance(double explained, double excess, int freedom) {

  private static final double LIKELY = 0.9;

  /** With one or two degrees of freedom the excess is all but unknown, and proof is asked for. */
  private static final double VERY_LIKELY = 0.95;

  private static final double ROUNDING = 1e-16;

  /** From this many optima on, the frontier may bend. */
  private static final int QUADRATIC = 5;

  /** Measures the scatter; none with fewer than three optima. */
  static BetweenBudgetVariance of(Optima optima) {
    int count = optima.size();
    if (count < 3) {
      return new BetweenBudgetVariance(0, 0, 0);
    }
    int terms = count >= QUADRATIC ? 3 : 2;
    double[] residuals = LinearityTest.residuals(optima, terms);
    int freedom = count - terms;
    double chiSquare = 0;
    double sum = 0;
    double left = 0;
    double typical = 0;
    for (int k = 0; k < count; k++) {
      double variance = Math.max(Math.pow(optima.deviations()[k], 2), ROUNDING);
      chiSquare += residuals[k] * residuals[k] / variance;
      sum += residuals[k] * residuals[k];
      left += (double) freedom / count * variance;
      typical += Math.log(variance) / count;
    }
    double chance =
        new FDistribution(freedom, Math.max(1, optima.freedom()))
            .inverseCumulativeProbability(terms == 3 ? LIKELY : VERY_LIKELY);
    boolean significant = chiSquare / freedom > chance && sum > count * ROUNDING;
    double excess = significant ? Math.sqrt(Math.max(0, sum - left) / freedom) : 0;
    return new BetweenBudgetVariance(Math.exp(typical / 2), excess, freedom);
  }

  /** Returns the optima with the excess drawn again at every budget of every draw. */
  Optima addTo(Optima optima, Resampling settings) {
    if (excess == 0) {
      return optima;
    }
    return optima.withScatter(
        new Resampling(~settings.seed(), settings.replicates())
            .draws(random -> draw(optima.size(), random))
            .toArray(double[][]::new));
  }

  private double[] draw(int budgets, SplittableRandom random) {
    // Few budgets measure the excess badly: Student-t width.
    double scale = excess * Math.sqrt(freedom / BudgetNoise.chiSquare(random, freedom));
    return DoubleStream.generate(() -> scale * random.nextGaussian()).limit(budgets).toArray();
  }
}
