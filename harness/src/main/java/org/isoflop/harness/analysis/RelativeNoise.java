package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;

/**
 * How far losses scatter about their fitted curves, as a share of the loss, and draws of such
 * scatter.
 *
 * <p>A budget of 5 to 9 sizes leaves 2 to 6 degrees of freedom, too few to know its own noise, so
 * the budgets share one scale unless Bartlett's test (1937) says at 1% that their scales differ.
 * The shape comes from all residuals, each divided by √(1 − leverage), then centred and brought to
 * variance 1 (Davison and Hinkley 1997, section 6.3). Every draw divides the scale by √(χ²/dof): so
 * the intervals have the width of Student's t, and not of a normal whose scale was known.
 */
final class RelativeNoise {

  private static final double SCALES_DIFFER = 0.99;

  /** Relative scales below this are rounding, not noise. */
  private static final double ROUNDING = 1e-12;

  /** A point with less than this of its loss left over says nothing about the noise. */
  private static final double LEAST_FREEDOM = 1e-4;

  private final double[] shape;
  private final double[] scale;
  private final int[] freedom;
  private final boolean shared;

  /** Estimates the noise of these curves, at least one. */
  RelativeNoise(List<CurveFit> curves) {
    List<Double> pool = new ArrayList<>();
    double[] squares = new double[curves.size()];
    int[] own = new int[curves.size()];
    for (int k = 0; k < curves.size(); k++) {
      CurveFit curve = curves.get(k);
      double[] fitted = curve.fittedLosses();
      own[k] = fitted.length - 3;
      for (int i = 0; i < fitted.length; i++) {
        double residual = curve.group().points().get(i).loss() / fitted[i] - 1;
        squares[k] += residual * residual;
        double left = 1 - curve.design().leverage(i);
        if (left > LEAST_FREEDOM) {
          pool.add(residual / Math.sqrt(left));
        }
      }
    }
    shape = standardized(pool);
    int all = Arrays.stream(own).sum();
    double common = Arrays.stream(squares).sum() / all;
    shared = !differ(squares, own, common, all);
    scale = new double[squares.length];
    freedom = new int[squares.length];
    for (int k = 0; k < squares.length; k++) {
      scale[k] = Math.sqrt(shared ? common : squares[k] / own[k]);
      freedom[k] = shared ? all : own[k];
    }
  }

  private static boolean differ(double[] squares, int[] own, double common, int all) {
    if (squares.length < 2) {
      return false;
    }
    double statistic = all * Math.log(floored(common));
    double correction = -1.0 / all;
    for (int k = 0; k < squares.length; k++) {
      statistic -= own[k] * Math.log(floored(squares[k] / own[k]));
      correction += 1.0 / own[k];
    }
    double others = squares.length - 1;
    statistic /= 1 + correction / (3 * others);
    return new ChiSquaredDistribution(others).cumulativeProbability(Math.max(statistic, 0))
        > SCALES_DIFFER;
  }

  private static double floored(double variance) {
    return Math.max(variance, ROUNDING * ROUNDING);
  }

  private static double[] standardized(List<Double> pool) {
    double mean = pool.stream().mapToDouble(v -> v).average().orElse(0);
    double variance = pool.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(0);
    double deviation = Math.sqrt(variance);
    return pool.stream().mapToDouble(v -> deviation > 0 ? (v - mean) / deviation : 0).toArray();
  }

  /** Returns whether all budgets share one scale. */
  boolean shared() {
    return shared;
  }

  /** Returns the relative scale of curve k. */
  double scale(int k) {
    return scale[k];
  }

  /** Draws the scale of every curve as its few degrees of freedom leave it open. */
  double[] drawScales(SplittableRandom random) {
    double[] drawn = new double[scale.length];
    for (int k = 0; k < drawn.length; k++) {
      drawn[k] =
          shared && k > 0
              ? drawn[0]
              : scale[k] * Math.sqrt(freedom[k] / chiSquare(random, freedom[k]));
    }
    return drawn;
  }

  /** Draws a sum of squares of that many standard normals. */
  static double chiSquare(SplittableRandom random, int freedom) {
    double sum = 0;
    for (int i = 0; i < freedom; i++) {
      double normal = random.nextGaussian();
      sum += normal * normal;
    }
    return sum;
  }

  /** Draws one standardized residual. */
  double drawShape(SplittableRandom random) {
    return shape.length == 0 ? 0 : shape[random.nextInt(shape.length)];
  }
}
