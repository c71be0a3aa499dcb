package org.isoflop.harness.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.Remarks;

/**
 * What a careful reader should know about the grid of runs itself: budgets without an optimum or
 * with a doubtful one, a short range, compute that is not 6ND.
 */
final class PointRemarks {

  /** Exponents from a shorter range, in decades of compute, have standard errors near 0.07. */
  private static final double SHORTEST_RANGE = 1.5;

  /** An optimum within this share of the measured range of ln N from an end is near the edge. */
  private static final double EDGE = 0.2;

  /** 6ND further than this from the budget, as a share, is another convention. */
  private static final double SIX_ND = 0.05;

  private PointRemarks() {}

  static void add(List<LossPoint> points, List<BudgetCurve> curves, Remarks remarks) {
    range(curves, remarks);
    edges(curves, remarks);
    sixNd(points, remarks);
  }

  private static void range(List<BudgetCurve> curves, Remarks remarks) {
    List<BudgetCurve> optima = withOptimum(curves);
    if (optima.size() < ParabolaFit.FEWEST_BUDGETS) {
      remarks.warn(
          String.format(
              Locale.ROOT,
              "%d of %d budgets have an optimum; exponents need at least %d over %.1f decades.",
              optima.size(),
              curves.size(),
              ParabolaFit.FEWEST_BUDGETS,
              SHORTEST_RANGE));
      return;
    }
    double decades = Math.log10(optima.get(optima.size() - 1).budget() / optima.get(0).budget());
    // A grid of 1.5 decades by ratio √10 must not be warned about for its rounding.
    if (decades < SHORTEST_RANGE - 0.01) {
      remarks.warn(
          String.format(
              Locale.ROOT,
              "The optima span %.1f decades of compute; below %.1f an exponent follows the noise.",
              decades,
              SHORTEST_RANGE));
    }
  }

  private static void edges(List<BudgetCurve> curves, Remarks remarks) {
    List<BudgetCurve> open = withOptimum(curves).stream().filter(c -> !c.bracketed()).toList();
    if (!open.isEmpty()) {
      remarks.warn(
          "At "
              + budgets(open)
              + " FLOPs the lowest point is the smallest or largest size; that the fitted minimum"
              + " lies inside rests on the curve's shape.");
    }
    List<BudgetCurve> near =
        withOptimum(curves).stream().filter(c -> c.bracketed() && nearEdge(c)).toList();
    if (!near.isEmpty()) {
      remarks.note(
          "At "
              + budgets(near)
              + " FLOPs the optimum lies near the edge of the measured sizes, where the parabola"
              + " is least certain; add sizes beyond it.");
    }
  }

  private static boolean nearEdge(BudgetCurve curve) {
    double low = Math.log(curve.points().get(0).params());
    double high = Math.log(curve.points().get(curve.points().size() - 1).params());
    double place = (Math.log(curve.optimum().orElseThrow().params().value()) - low) / (high - low);
    return place < EDGE || place > 1 - EDGE;
  }

  private static void sixNd(List<LossPoint> points, Remarks remarks) {
    List<Double> off =
        points.stream()
            .filter(LossPoint::onBudget)
            .map(point -> 6 * point.params() * point.tokens() / point.flops())
            .filter(ratio -> Math.abs(ratio - 1) > SIX_ND)
            .sorted(Comparator.naturalOrder())
            .toList();
    if (off.isEmpty()) {
      return;
    }
    remarks.note(
        String.format(
            Locale.ROOT,
            "At %d of %d points 6ND is not the stated budget (%.2f to %.2f of it), so a + b need"
                + " not be 1; the table of conventions has both.",
            off.size(),
            points.size(),
            off.get(0),
            off.get(off.size() - 1)));
  }

  private static List<BudgetCurve> withOptimum(List<BudgetCurve> curves) {
    return curves.stream().filter(curve -> curve.optimum().isPresent()).toList();
  }

  private static String budgets(List<BudgetCurve> curves) {
    return curves.stream()
        .map(curve -> Quantities.flops(curve.budget()))
        .collect(Collectors.joining(", "));
  }
}
