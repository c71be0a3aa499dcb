package org.isoflop.harness.analysis;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * The sizes of one budget, prepared so that thousands of loss curves can be fitted over them: the
 * least-squares solution of a quadratic in ln N depends on the sizes alone, and is worked out once.
 *
 * <p>ln N is centred and scaled to about [−1, 1] first; a quadratic in raw ln N has a condition
 * number near 10^6.
 */
final class CurveDesign {

  private static final double FLAT = 1e-9;

  private final double centre;
  private final double scale;
  private final double[] z;
  private final double zSmallest;
  private final double zLargest;
  private final double[][] solution;
  private final double[] leverage;
  private final double[] lnTokens;

  /** Where the bottom of a fitted curve lies, or that it has none. */
  enum Shape {
    /** Opens upward, with its vertex strictly inside the measured sizes: an optimum. */
    INSIDE,
    /** Opens upward, with its vertex at or below the smallest size. */
    BELOW,
    /** Opens upward, with its vertex at or above the largest size. */
    ABOVE,
    /** Opens downward, or is flat. */
    NO_BOTTOM
  }

  /** Prepares the sizes of these points; at least three different ones. */
  CurveDesign(List<LossPoint> points) {
    double[] lnParams = points.stream().mapToDouble(p -> Math.log(p.params())).toArray();
    double smallest = Arrays.stream(lnParams).min().orElseThrow();
    double largest = Arrays.stream(lnParams).max().orElseThrow();
    centre = Arrays.stream(lnParams).average().orElseThrow();
    scale = (largest - smallest) / 2;
    z = Arrays.stream(lnParams).map(x -> (x - centre) / scale).toArray();
    zSmallest = Arrays.stream(z).min().orElseThrow();
    zLargest = Arrays.stream(z).max().orElseThrow();
    double[][] rows =
        Arrays.stream(z).mapToObj(v -> new double[] {1, v, v * v}).toArray(double[][]::new);
    RealMatrix design = new Array2DRowRealMatrix(rows, false);
    solution = new QRDecomposition(design).getSolver().getInverse().getData();
    leverage = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      leverage[i] = solution[0][i] + solution[1][i] * z[i] + solution[2][i] * z[i] * z[i];
    }
    lnTokens = solve(points.stream().mapToDouble(p -> Math.log(p.tokens())).toArray());
  }

  /** Returns c0, c1, c2 of the least-squares c0 + c1·z + c2·z², one y a point. */
  double[] solve(double[] y) {
    double[] c = new double[3];
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < y.length; i++) {
        c[k] += solution[k][i] * y[i];
      }
    }
    return c;
  }

  /** Returns the curve c at every point. */
  double[] values(double[] c) {
    return Arrays.stream(z).map(v -> value(c, v)).toArray();
  }

  private static double value(double[] c, double z) {
    return c[0] + z * (c[1] + z * c[2]);
  }

  /** Returns whether the curve c has an optimum, and if not why. */
  Shape shape(double[] c) {
    // Negated so that a curve that is not a number has no bottom either.
    if (!(c[2] > FLAT * Math.abs(c[0]))) {
      return Shape.NO_BOTTOM;
    }
    double vertex = -c[1] / (2 * c[2]);
    if (vertex <= zSmallest) {
      return Shape.BELOW;
    }
    return vertex >= zLargest ? Shape.ABOVE : Shape.INSIDE;
  }

  /** Returns the curve c, which has a bottom, in units of ln N. */
  Parabola parabola(double[] c) {
    double vertex = -c[1] / (2 * c[2]);
    return new Parabola(centre + scale * vertex, value(c, vertex), c[2] / (scale * scale));
  }

  /**
   * Returns ln D at ln N, by the least-squares quadratic of ln D on ln N over the points. That is
   * exact for D = C/6N, follows exact FLOPs per token to about 0.1%, smooths over whole numbers of
   * steps, and takes nothing from C.
   */
  double lnTokens(double lnParams) {
    return value(lnTokens, (lnParams - centre) / scale);
  }

  /** Returns the share of each point's own loss in its fitted value, from 0 to 1. */
  double leverage(int point) {
    return Math.min(leverage[point], 1);
  }

  /** Returns ln of the smallest N. */
  double lnSmallest() {
    return centre + scale * zSmallest;
  }

  /** Returns ln of the largest N. */
  double lnLargest() {
    return centre + scale * zLargest;
  }

  /** Returns how many points there are. */
  int size() {
    return z.length;
  }
}
