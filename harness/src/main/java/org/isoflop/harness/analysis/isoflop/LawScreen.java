package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.PointSample;

/**
 * How far points lie above the parametric law of all points. The law sees all budgets at once, so
 * it knows a run that went wrong even where most runs of its budget did; but over a wide range it
 * may be wrong itself, so that a point far from it is only suspected, until its own budget agrees.
 */
final class LawScreen {

  /** In robust standard deviations of the residuals. */
  private static final double FAR = 6;

  private static final int ROUNDS = 6;

  /** So many points show the law. */
  private static final int ENOUGH = 2000;

  private static final double TO_SIGMA = 1.4826;
  private static final double ROUNDING = 1e-6;

  /** How many parameters the law has. */
  static final int PARAMETERS = 5;

  private final double[][] residuals;
  private final double limit;

  /**
   * Measures all points.
   *
   * @param scale of each budget's noise against the others'
   */
  LawScreen(List<BudgetPoints> curves, Law law, double[] scale) {
    residuals = new double[curves.size()][];
    for (int k = 0; k < residuals.length; k++) {
      double own = scale[k];
      residuals[k] =
          curves.get(k).group().points().stream()
              .mapToDouble(p -> residual(p, law) / own)
              .toArray();
    }
    double[] sizes =
        Arrays.stream(residuals).flatMapToDouble(Arrays::stream).map(Math::abs).sorted().toArray();
    limit = Math.max(ROUNDING, FAR * TO_SIGMA * sizes[sizes.length / 2]);
  }

  /**
   * Returns the law of the points that are not far above it: without those it is fitted again,
   * until none is left. Huber's loss alone bounds what an outlier does, but not where it stands at
   * the end of the range and has company.
   */
  static Law refitted(List<LossPoint> all, Law first) {
    Law law = first;
    List<LossPoint> points = PointSample.of(all, ENOUGH);
    List<LossPoint> kept = points;
    for (int round = 0; round < ROUNDS; round++) {
      Law now = law;
      double[] sizes =
          points.stream().mapToDouble(p -> Math.abs(residual(p, now))).sorted().toArray();
      double far = Math.max(ROUNDING, FAR * TO_SIGMA * sizes[sizes.length / 2]);
      List<LossPoint> near = points.stream().filter(p -> residual(p, now) <= far).toList();
      if (near.equals(kept)) {
        return law;
      }
      Optional<Law> again = LawFit.fit(near, Criterion.HUBER_LOG).value().map(LawFit::law);
      if (again.isEmpty()) {
        return law;
      }
      kept = near;
      law = again.get();
    }
    return law;
  }

  private static double residual(LossPoint point, Law law) {
    return Math.log(point.loss() / law.loss(point.params(), point.tokens()));
  }

  /** Returns ln of a point's loss over the law, in units of its budget's scale. */
  double residual(int k, int point) {
    return residuals[k][point];
  }

  /** Returns whether a point is not far above the law. */
  boolean near(int k, int point) {
    return residuals[k][point] <= limit;
  }
}
