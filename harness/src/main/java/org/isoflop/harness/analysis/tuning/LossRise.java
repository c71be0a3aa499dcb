package org.isoflop.harness.analysis.tuning;

/**
 * How far a run's ln loss lies above the best of its cell, by its learning rate and its batch: with
 * t = ln rate − ln rate*, v = ln batch − ln batch*,
 *
 * <pre>
 *   q = A (t − κ v)² + B v²,    rise = s (√(1 + q/s) − 1)
 * </pre>
 *
 * so a paraboloid, q/2, at the bottom and a cone far up, as losses are: a batch that is off by v
 * has its best rate at κ v. ln rate* and ln batch* are linear in ln N and ln D.
 *
 * <p>The parameters, {@value #COUNT} of them: of ln rate* the value at the centre and the exponents
 * of N and D, of ln batch* the same, ln A, ln B, κ and ln s.
 */
final class LossRise {

  static final int RATE = 0;
  static final int BATCH = 3;
  static final int RATE_CURVATURE = 6;
  static final int BATCH_CURVATURE = 7;
  static final int COUPLING = 8;
  static final int WINGS = 9;
  static final int COUNT = 10;

  private LossRise() {}

  /**
   * Returns the rise.
   *
   * @param theta the parameters
   * @param x {@code 1}, ln N and ln D from the centre
   * @param lnRate of the run
   * @param lnBatch of the run
   * @param slopes where the derivatives by the parameters are put
   */
  static double at(double[] theta, double[] x, double lnRate, double lnBatch, double[] slopes) {
    double v = lnBatch - dot(theta, BATCH, x);
    double t = lnRate - dot(theta, RATE, x) - theta[COUPLING] * v;
    double a = Math.exp(theta[RATE_CURVATURE]);
    double b = Math.exp(theta[BATCH_CURVATURE]);
    double s = Math.exp(theta[WINGS]);
    double q = a * t * t + b * v * v;
    double root = Math.sqrt(1 + q / s);
    double byQ = 1 / (2 * root);
    for (int i = 0; i < x.length; i++) {
      slopes[RATE + i] = byQ * -2 * a * t * x[i];
      slopes[BATCH + i] = byQ * (2 * a * t * theta[COUPLING] - 2 * b * v) * x[i];
    }
    slopes[RATE_CURVATURE] = byQ * a * t * t;
    slopes[BATCH_CURVATURE] = byQ * b * v * v;
    slopes[COUPLING] = byQ * -2 * a * t * v;
    slopes[WINGS] = s * (root - 1) - q / (2 * root);
    return s * (root - 1);
  }

  static double dot(double[] theta, int from, double[] x) {
    return theta[from] * x[0] + theta[from + 1] * x[1] + theta[from + 2] * x[2];
  }
}
