package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.stats.Estimate;

/** Local exponents on a static panel: a bar over the budgets they hold for, an upright interval. */
final class ExponentMarks {

  /** An interval may dwarf the exponents themselves; the view goes at least this far past them. */
  private static final double VIEW = 0.2;

  private ExponentMarks() {}

  /** Returns an axis that shows every exponent, and of their intervals what fits. */
  static Axis axis(String name, Stream<Estimate> estimates) {
    List<Estimate> all = estimates.toList();
    double low = all.stream().mapToDouble(Estimate::value).min().orElseThrow();
    double high = all.stream().mapToDouble(Estimate::value).max().orElseThrow();
    double pad = Math.max(VIEW, high - low);
    return Axis.linear(
        name,
        all.stream()
            .flatMapToDouble(e -> DoubleStream.of(e.interval().low(), e.interval().high()))
            .map(end -> Math.max(low - pad, Math.min(high + pad, end))),
        0.06,
        8);
  }

  /**
   * Draws exponents.
   *
   * @param shift of the upright intervals, as a share of the width, where two kinds would coincide
   */
  static void draw(
      Panel panel,
      List<LocalExponent> exponents,
      Quantity quantity,
      Color colour,
      BasicStroke bar,
      double shift) {
    for (LocalExponent local : exponents) {
      Estimate estimate = quantity.exponent().apply(local.exponents());
      double from = Math.log10(local.from());
      double to = Math.log10(local.to());
      double middle = (from + to) / 2 + shift * (panel.x().high() - panel.x().low());
      panel.upright(middle, estimate.interval().low(), estimate.interval().high(), colour);
      panel.line(
          new double[] {from, to}, new double[] {estimate.value(), estimate.value()}, colour, bar);
      panel.marks(new double[] {middle}, new double[] {estimate.value()}, colour, Markers.POINT);
    }
  }
}
