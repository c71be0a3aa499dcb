package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * How far the losses of one sweep scatter, as a share of the loss: about its law, where a quadratic
 * in ln N takes up at every budget what the law misses there.
 *
 * <p>The median of the residuals' sizes, each divided by √(1 − leverage) and scaled to a normal's
 * standard deviation, so that a few outliers do not pass for noise.
 */
public final class CurveNoise {

  private static final double MEDIAN_TO_DEVIATION = 1.4826;
  private static final int COEFFICIENTS = 3;

  /** Fewer points than this beyond the curves' coefficients say next to nothing. */
  private static final int FEWEST_FREE = 3;

  /** A point that its curve all but runs through says nothing about the noise. */
  private static final double LEAST_FREEDOM = 1e-4;

  private CurveNoise() {}

  /** Returns the standard deviation of a run's loss over the loss; empty where too few tell. */
  public static OptionalDouble of(List<LossPoint> points, Law law) {
    List<Double> sizes = new ArrayList<>();
    int free = 0;
    for (BudgetGroup group : BudgetGroup.of(points)) {
      int spare = group.points().size() - COEFFICIENTS;
      if (spare > 0 && group.largest() > group.smallest()) {
        free += spare;
        residuals(group.points(), law, sizes);
      }
    }
    if (free < FEWEST_FREE || sizes.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] values = sizes.stream().mapToDouble(Double::doubleValue).toArray();
    return OptionalDouble.of(MEDIAN_TO_DEVIATION * Quantiles.of(values, 50));
  }

  private static void residuals(List<LossPoint> points, Law law, List<Double> into) {
    int n = points.size();
    double[][] rows = new double[n][];
    double[] y = new double[n];
    double centre =
        points.stream().mapToDouble(point -> Math.log(point.params())).average().orElseThrow();
    for (int i = 0; i < n; i++) {
      LossPoint point = points.get(i);
      double z = Math.log(point.params()) - centre;
      rows[i] = new double[] {1, z, z * z};
      y[i] = Math.log(point.loss() / law.loss(point.params(), point.tokens()));
    }
    RealMatrix design = new Array2DRowRealMatrix(rows, false);
    QRDecomposition qr = new QRDecomposition(design, 1e-10);
    if (!qr.getSolver().isNonSingular()) {
      return; // two sizes, however many points
    }
    RealMatrix hat = design.multiply(qr.getSolver().getInverse());
    double[] fitted = hat.operate(y);
    for (int i = 0; i < n; i++) {
      double left = 1 - hat.getEntry(i, i);
      if (left > LEAST_FREEDOM) {
        into.add(Math.abs(y[i] - fitted[i]) / Math.sqrt(left));
      }
    }
  }
}
