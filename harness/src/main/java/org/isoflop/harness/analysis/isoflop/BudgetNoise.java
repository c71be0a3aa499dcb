package org.isoflop.harness.analysis.isoflop;

import java.util.SplittableRandom;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The relative noise of the losses as a power of compute, sigma(C) ∝ C^−g: small models are trained
 * on few tokens and differ more from seed to seed.
 *
 * <p>Given the squared residuals of every budget about its own curve, which repeats of a cell are
 * part of, g has a restricted likelihood (REML; Patterson and Thompson 1971): curves have
 * coefficients of their own, so none of them depends on g. With a normal prior of g about 0 its
 * logarithm is concave. Few points leave g near 0, the noise then is that of all budgets together;
 * how little they say of g is drawn again with everything else.
 */
final class BudgetNoise {

  /**
   * Standard deviation of the prior of g. Seeds of two tiny cells, five times apart in compute,
   * gave 0.75; noise of 1% to 0.2% over two decades is 0.35.
   */
  static final double SPREAD = 0.4;

  /** Where g is searched, to both sides of 0: the noise of a decade apart by a factor of 100. */
  private static final double MOST = 2;

  private static final int HALVINGS = 60;
  private static final double CLOSE = 1e-9;

  /** g is drawn from a grid in its own standard deviations. */
  private static final double STEP = 0.5;

  private static final int STEPS = 8;

  private static final double TWO_SIDED_95 = 1.96;

  /** From so many degrees of freedom on, the normal approximation is used: it costs one draw. */
  private static final int MANY = 200;

  private final double[] squares;
  private final double[] distance;
  private final int freedom;
  private final double centre;
  private final double falls;
  private final double spread;

  /**
   * Weighs the residuals.
   *
   * @param squares sum of squared relative residuals by budget, positive where there is freedom
   * @param freedom points less coefficients by budget, not negative
   * @param lnFlops ln C of the budgets
   */
  BudgetNoise(double[] squares, int[] freedom, double[] lnFlops) {
    this.squares = squares.clone();
    int all = 0;
    double sum = 0;
    for (int k = 0; k < freedom.length; k++) {
      all += freedom[k];
      sum += freedom[k] * lnFlops[k];
    }
    this.freedom = all;
    centre = all > 0 ? sum / all : lnFlops[0];
    distance = new double[lnFlops.length];
    for (int k = 0; k < distance.length; k++) {
      distance[k] = lnFlops[k] - centre;
    }
    double low = -MOST;
    double high = MOST;
    double g = 0;
    Moments at = moments(g);
    for (int i = 0; i < HALVINGS; i++) {
      double slope = -this.freedom * at.mean() - g / (SPREAD * SPREAD);
      if (slope > 0) {
        low = g;
      } else {
        high = g;
      }
      double next = g + slope / curvature(at);
      double step = next >= low && next <= high ? next - g : (low + high) / 2 - g;
      g += step;
      at = moments(g);
      if (Math.abs(step) < CLOSE) {
        break;
      }
    }
    falls = g;
    spread = 1 / Math.sqrt(curvature(at));
  }

  /** The budgets' distances from the centre, weighted by their standardised squares for a g. */
  private record Moments(double lnSquares, double mean, double variance) {}

  private Moments moments(double g) {
    double sum = 0;
    double first = 0;
    double second = 0;
    for (int k = 0; k < squares.length; k++) {
      double standardised = squares[k] * Math.exp(2 * g * distance[k]);
      sum += standardised;
      first += standardised * distance[k];
      second += standardised * distance[k] * distance[k];
    }
    double mean = sum > 0 ? first / sum : 0;
    double variance = sum > 0 ? Math.max(0, second / sum - mean * mean) : 0;
    return new Moments(Math.log(sum), mean, variance);
  }

  private double curvature(Moments at) {
    return 2 * freedom * at.variance() + 1 / (SPREAD * SPREAD);
  }

  /** Returns ln of the density of a g and the squares, but for a constant. */
  private double ln(double g) {
    // The determinant of the budgets' scales is 1 about their centre.
    return -0.5 * freedom * moments(g).lnSquares() - g * g / (2 * SPREAD * SPREAD);
  }

  /** Returns ln of the likelihood of the squares, g and the noise integrated out (Laplace). */
  double lnEvidence() {
    return ln(falls) + Math.log(spread / SPREAD);
  }

  /** Returns by what factor the noise of budget k lies above that at the centre, at the mode. */
  double scale(int k) {
    return Math.exp(-falls * distance[k]);
  }

  /** Returns the degrees of freedom of all budgets together. */
  int freedom() {
    return freedom;
  }

  /** Returns the most likely noise as a power of C. */
  PowerLaw law() {
    return new PowerLaw(centre, 0.5 * (moments(falls).lnSquares() - Math.log(freedom)), -falls);
  }

  /** Returns the exponent of C, −g, with its interval. */
  Estimate exponent() {
    double half = TWO_SIDED_95 * spread;
    return new Estimate(-falls, new Interval(-falls - half, -falls + half));
  }

  /** Draws the noise of every budget. */
  double[] draw(SplittableRandom random) {
    double[] weights = new double[2 * STEPS + 1];
    double most = ln(falls);
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      weights[j] = Math.exp(ln(falls + (j - STEPS) * STEP * spread) - most);
      sum += weights[j];
    }
    double left = random.nextDouble() * sum;
    int at = 0;
    while (at < weights.length - 1 && left >= weights[at]) {
      left -= weights[at];
      at++;
    }
    double g = falls + (at - STEPS) * STEP * spread;
    double chiSquare = chiSquare(random, freedom);
    double atCentre = Math.exp(0.5 * moments(g).lnSquares()) / Math.sqrt(chiSquare);
    double[] noise = new double[distance.length];
    for (int k = 0; k < noise.length; k++) {
      noise[k] = atCentre * Math.exp(-g * distance[k]);
    }
    return noise;
  }

  /** Draws a sum of squares of that many standard normals. */
  static double chiSquare(SplittableRandom random, int freedom) {
    if (freedom > MANY) {
      // Wilson and Hilferty (1931).
      double spread = 2.0 / (9.0 * freedom);
      return freedom * Math.pow(1 - spread + Math.sqrt(spread) * random.nextGaussian(), 3);
    }
    double sum = 0;
    for (int i = 0; i < freedom; i++) {
      double normal = random.nextGaussian();
      sum += normal * normal;
    }
    return sum;
  }
}
