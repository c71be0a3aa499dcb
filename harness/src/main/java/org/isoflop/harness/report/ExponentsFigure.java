package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Answer;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Legend.Swatch;

/** Local exponents against the budget, with the line through all optima. */
final class ExponentsFigure {

  private static final String ALL = "all-optima";

  /** An interval may dwarf the exponents themselves; the view goes at least this far past them. */
  private static final double VIEW = 0.2;

  private ExponentsFigure() {}

  /** Returns the figure, where there is any exponent to draw. */
  static Optional<Figure> of(Analysis analysis) {
    List<Swatch> keys = new ArrayList<>();
    for (ExponentKind kind : ExponentKind.ALL) {
      if (!kind.of(analysis).isEmpty()) {
        keys.add(Swatch.line(kind.key(), kind.words(), kind.ink(), kind.pen()));
      }
    }
    if (analysis.isoflop().isPresent()) {
      keys.add(Swatch.band(ALL, "line through all optima, 95% band", Ink.FIT));
    }
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Figure(
                "exponents",
                "Local exponents",
                "Local exponents against the budget, with intervals; the table of exponents over"
                    + " parts of the range has the numbers.",
                List.of(plot(analysis, Quantity.PARAMS), plot(analysis, Quantity.TOKENS)),
                380,
                new Legend("", keys),
                "Each horizontal bar is the slope over the budgets it spans, the upright bar its"
                    + " 95% interval. "
                    + analysis
                        .straightness()
                        .map(found -> "Linearity test: " + Answer.linearity(found) + ".")
                        .map(Html::sentence)
                        .orElse("")));
  }

  private static Plot plot(Analysis analysis, Quantity quantity) {
    List<LocalExponent> local =
        ExponentKind.ALL.stream().flatMap(kind -> kind.of(analysis).stream()).toList();
    Stream<Exponents> all =
        Stream.concat(local.stream().map(LocalExponent::exponents), analysis.isoflop().stream());
    Plot plot =
        new Plot(
            "",
            Axis.log(
                "Budget C (FLOPs)",
                DoubleStream.concat(
                    analysis.curves().stream().mapToDouble(BudgetCurve::budget),
                    local.stream().flatMapToDouble(l -> DoubleStream.of(l.from(), l.to()))),
                0.04,
                6,
                Quantities::flops),
            axis(quantity, all));
    analysis
        .isoflop()
        .map(quantity.exponent())
        .ifPresent(
            global -> {
              Plot.Layer layer = plot.layer(ALL, Ink.FIT);
              layer.band(global.interval(), 0.16);
              layer.level(
                  global.value(), Pen.LINE, tip("Line through all optima", quantity, global));
            });
    for (int i = ExponentKind.ALL.size() - 1; i >= 0; i--) {
      ExponentKind kind = ExponentKind.ALL.get(i);
      draw(
          plot.layer(kind.key(), kind.ink()),
          kind.of(analysis),
          quantity,
          kind.pen(),
          kind.shift(),
          kind.words());
    }
    return plot;
  }

  /** Returns an axis that shows every exponent, and of their intervals what fits. */
  static Axis axis(Quantity quantity, Stream<Exponents> exponents) {
    List<Estimate> all = exponents.map(quantity.exponent()).toList();
    double low = all.stream().mapToDouble(Estimate::value).min().orElseThrow();
    double high = all.stream().mapToDouble(Estimate::value).max().orElseThrow();
    double pad = Math.max(VIEW, high - low);
    return Axis.linear(
        "%s = d ln %s* / d ln C".formatted(quantity.letter(), quantity.symbol()),
        all.stream()
            .flatMapToDouble(e -> DoubleStream.of(e.interval().low(), e.interval().high()))
            .map(end -> Math.max(low - pad, Math.min(high + pad, end))),
        0.06,
        8);
  }

  /**
   * Draws exponents: a bar over the budgets they hold for, and an upright interval.
   *
   * @param shift of the intervals, as a share of the width, where two kinds would coincide
   */
  static void draw(
      Plot.Layer layer,
      List<LocalExponent> exponents,
      Quantity quantity,
      Pen pen,
      double shift,
      String words) {
    for (LocalExponent local : exponents) {
      Estimate estimate = quantity.exponent().apply(local.exponents());
      String tip =
          tip(
              Numbers.capital(words)
                  + "\n"
                  + Quantities.flops(local.from())
                  + " to "
                  + Quantities.flops(local.to())
                  + " FLOPs",
              quantity,
              estimate);
      double middle = layer.between(local.from(), local.to(), shift);
      layer.upright(middle, estimate.interval());
      layer.line(
          new double[] {local.from(), local.to()},
          new double[] {estimate.value(), estimate.value()},
          pen,
          tip);
      layer.mark(Symbol.POINT, middle, estimate.value(), tip);
    }
  }

  private static String tip(String title, Quantity quantity, Estimate estimate) {
    return title + "\n" + String.join("\n", quantity.exponentLines(estimate));
  }
}
