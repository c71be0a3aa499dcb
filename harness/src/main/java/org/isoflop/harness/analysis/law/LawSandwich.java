package org.isoflop.harness.analysis.law;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The distribution that refits to resamples tend to where points are many: normal about the fit
 * with covariance H⁻¹·S·H⁻¹, H the curvature of the objective and S the covariance of its slope
 * (White 1982, "Maximum likelihood estimation of misspecified models").
 */
final class LawSandwich {

  private LawSandwich() {}

  /**
   * Draws laws.
   *
   * @param position the fit, in the frame of the objective's data
   * @param law the same
   * @param groups indices of the points whose errors go together
   */
  static Fitted<LawSample> draw(
      LawObjective objective,
      double[] position,
      Law law,
      int[][] groups,
      Scheme scheme,
      Resampling settings) {
    double[] deltas = objective.deltas();
    double delta = deltas[deltas.length - 1];
    double smooth = objective.smoothDelta(position);
    Expansion all = new Expansion();
    objective.expand(position, smooth, all);
    RealMatrix slopes =
        scheme == Scheme.NOISE
            ? alike(objective, position, delta)
            : grouped(objective, position, delta, groups);
    // Huber's loss is as steep as its delta is wide; both matrices must mean the same one.
    RealMatrix curvature = full(all.hessian).scalarMultiply(smooth == delta ? 1 : delta / smooth);
    if (position[Frame.E] == Double.NEGATIVE_INFINITY) {
      curvature.setEntry(Frame.E, Frame.E, 1);
    }
    RealMatrix root;
    try {
      RealMatrix inverse = MatrixUtils.inverse(curvature);
      RealMatrix covariance = inverse.multiply(slopes).multiply(inverse);
      root = root(covariance.add(covariance.transpose()).scalarMultiply(0.5));
    } catch (MathRuntimeException singular) {
      return Fitted.refused(
          "The parametric law's parameters are not determined one by one, so they have no"
              + " interval.");
    }
    long[] seeds = new SplittableRandom(settings.seed()).longs(settings.replicates()).toArray();
    Law[] laws = new Law[seeds.length];
    IntStream.range(0, seeds.length)
        .parallel()
        .forEach(
            r -> {
              SplittableRandom random = new SplittableRandom(seeds[r]);
              double[] normal = new double[Frame.SIZE];
              Arrays.setAll(normal, j -> random.nextGaussian());
              double[] drawn = root.operate(normal);
              for (int j = 0; j < Frame.SIZE; j++) {
                drawn[j] += position[j];
              }
              laws[r] = objective.data().frame().law(drawn);
            });
    return Fitted.of(new LawSample(law, Arrays.asList(laws), 0));
  }

  /** Sums the outer products of the groups' slopes. */
  private static RealMatrix grouped(
      LawObjective objective, double[] position, double delta, int[][] groups) {
    double[] sum = new double[Expansion.PACKED];
    Expansion one = new Expansion();
    for (int[] group : groups) {
      one.clear();
      one.at(position);
      for (int i : group) {
        objective.addPoint(delta, i, one);
      }
      for (int j = 0; j < Frame.SIZE; j++) {
        for (int k = 0; k <= j; k++) {
          sum[Cholesky.at(j, k)] += one.gradient[j] * one.gradient[k];
        }
      }
    }
    return full(sum);
  }

  /** Takes the residuals as drawn from one distribution, wherever the points lie. */
  private static RealMatrix alike(LawObjective objective, double[] position, double delta) {
    int n = objective.data().size();
    Expansion wide = new Expansion();
    objective.expand(position, Double.POSITIVE_INFINITY, wide);
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double residual = Math.min(Math.abs(objective.residual(position, i)), delta);
      squares += residual * residual;
    }
    return full(wide.gauss).scalarMultiply(squares / (n - Frame.SIZE));
  }

  private static RealMatrix full(double[] packed) {
    RealMatrix matrix = new Array2DRowRealMatrix(Frame.SIZE, Frame.SIZE);
    for (int j = 0; j < Frame.SIZE; j++) {
      for (int k = 0; k < Frame.SIZE; k++) {
        matrix.setEntry(j, k, packed[Cholesky.at(Math.max(j, k), Math.min(j, k))]);
      }
    }
    return matrix;
  }

  private static RealMatrix root(RealMatrix covariance) {
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(covariance);
    RealMatrix scaled = eigen.getV().copy();
    for (int k = 0; k < Frame.SIZE; k++) {
      double scale = Math.sqrt(Math.max(eigen.getEigenvalue(k), 0));
      for (int j = 0; j < Frame.SIZE; j++) {
        scaled.multiplyEntry(j, k, scale);
      }
    }
    return scaled;
  }
}
