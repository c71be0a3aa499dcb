package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.stats.Estimate;

/** Local exponents against the budget, with those of all budgets: the static figure. */
final class ExponentsFigure extends PairFigure {

  private final Analysis analysis;

  private ExponentsFigure(Analysis analysis) {
    this.analysis = analysis;
  }

  /** Returns the figure, where there is any exponent to draw. */
  static Optional<StaticFigure> of(Analysis analysis) {
    return found(analysis).findAny().isPresent()
        ? Optional.of(new ExponentsFigure(analysis))
        : Optional.empty();
  }

  /** Returns every exponent the figure shows. */
  static Stream<Exponents> found(Analysis analysis) {
    return Stream.concat(
        local(analysis).map(LocalExponent::exponents), analysis.isoflop().stream());
  }

  private static Stream<LocalExponent> local(Analysis analysis) {
    return ExponentKind.ALL.stream().flatMap(kind -> kind.of(analysis).stream());
  }

  @Override
  List<Panel> panels() {
    return List.of(panel(Quantity.PARAMS), panel(Quantity.TOKENS));
  }

  @Override
  List<LegendStrip.Entry> legend() {
    List<LegendStrip.Entry> entries = new ArrayList<>();
    for (ExponentKind kind : ExponentKind.ALL) {
      if (!kind.of(analysis).isEmpty()) {
        entries.add(kind.legend());
      }
    }
    if (analysis.isoflop().isPresent()) {
      entries.add(LegendStrip.band("line through all optima, 95% band", Ink.FIT));
    }
    return entries;
  }

  private Panel panel(Quantity quantity) {
    Axis x =
        Axis.log(
            "Budget C (FLOPs)",
            DoubleStream.concat(
                analysis.curves().stream().mapToDouble(BudgetCurve::budget),
                local(analysis).flatMapToDouble(l -> DoubleStream.of(l.from(), l.to()))),
            0.04,
            6,
            Quantities::flops);
    Axis y =
        ExponentMarks.axis(
            "Exponent " + quantity.letter(), found(analysis).map(quantity.exponent()));
    Panel panel =
        new Panel(
            "%s = d ln %s* / d ln C".formatted(quantity.letter(), quantity.symbol()), x, y, false);
    analysis.isoflop().map(quantity.exponent()).ifPresent(global -> all(panel, global));
    for (int i = ExponentKind.ALL.size() - 1; i >= 0; i--) {
      ExponentKind.ALL.get(i).draw(panel, analysis, quantity);
    }
    return panel;
  }

  private static void all(Panel panel, Estimate global) {
    double left = panel.x().low();
    double right = panel.x().high();
    double low = panel.y().inside(global.interval().low());
    double high = panel.y().inside(global.interval().high());
    panel.area(
        new double[] {left, right, right, left},
        new double[] {low, low, high, high},
        Ink.faint(Ink.FIT, 0.16));
    panel.line(
        new double[] {left, right},
        new double[] {global.value(), global.value()},
        Ink.FIT,
        Ink.LINE);
  }
}
