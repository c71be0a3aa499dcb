package org.isoflop.harness.report;

import java.awt.Color;
import java.util.List;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/** Optima and the line through them on a static panel of logarithmic axes. */
final class FrontierMarks {

  private FrontierMarks() {}

  /** Draws a line in its band; dashed, with a fainter band, where it leaves what was measured. */
  static void line(Panel panel, FrontierLine line, Quantity quantity, Color colour, double band) {
    part(panel, line.measured(), quantity, colour, false, band);
    line.outside().forEach(p -> part(panel, p, quantity, colour, true, band * 0.55));
  }

  private static void part(
      Panel panel,
      List<FrontierPoint> line,
      Quantity quantity,
      Color colour,
      boolean dashed,
      double band) {
    int n = line.size();
    if (n < 2) {
      return;
    }
    double[] budgets = new double[n];
    double[] fitted = new double[n];
    double[] aroundX = new double[2 * n];
    double[] aroundY = new double[2 * n];
    for (int i = 0; i < n; i++) {
      Estimate at = quantity.line().apply(line.get(i));
      budgets[i] = Math.log10(line.get(i).budget());
      fitted[i] = panel.y().logInside(at.value());
      aroundX[i] = budgets[i];
      aroundY[i] = panel.y().logInside(at.interval().low());
      aroundX[2 * n - 1 - i] = budgets[i];
      aroundY[2 * n - 1 - i] = panel.y().logInside(at.interval().high());
    }
    panel.area(aroundX, aroundY, Ink.faint(colour, band));
    if (dashed) {
      // XChart begins a dash anew at every point, so that close points make a whole line of it.
      panel.line(few(budgets), few(fitted), colour, Ink.DASHED);
    } else {
      panel.line(budgets, fitted, colour, Ink.LINE);
    }
  }

  private static double[] few(double[] values) {
    int steps = Math.min(3, values.length - 1);
    return IntStream.rangeClosed(0, steps)
        .mapToDouble(i -> values[i * (values.length - 1) / steps])
        .toArray();
  }

  /** Draws the optimum of one budget, where it has one. */
  static void optimum(Panel panel, BudgetCurve curve, Quantity quantity, Color bar, Color colour) {
    if (curve.optimum().isEmpty()) {
      return;
    }
    double at = Math.log10(curve.budget());
    Estimate optimum = quantity.optimum().apply(curve.optimum().get());
    Interval interval = optimum.interval();
    // Without caps, which would peep out behind the diamond where the interval is no longer than
    // it.
    panel.line(
        new double[] {at, at},
        new double[] {panel.y().logInside(interval.low()), panel.y().logInside(interval.high())},
        bar,
        Ink.LINE);
    panel.marks(
        new double[] {at},
        new double[] {panel.y().logInside(optimum.value())},
        colour,
        Markers.SMALL_OPTIMUM);
  }
}
