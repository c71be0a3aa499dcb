package org.isoflop.harness.report;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.stats.Estimate;

/** N* and D* against the budget, with the line through them and its band: the static figure. */
final class FrontierFigure extends PairFigure {

  private static final double BAND = 0.22;

  /** An interval may be far wider than what was measured; the view goes this many times beyond. */
  private static final double VIEW = 2;

  private final Analysis analysis;
  private final List<BudgetCurve> curves;
  private final FrontierLine line;

  FrontierFigure(Analysis analysis) {
    this.analysis = analysis;
    curves = analysis.curves().stream().filter(curve -> !curve.points().isEmpty()).toList();
    line = FrontierLine.of(analysis.frontier());
  }

  @Override
  List<Panel> panels() {
    return List.of(panel(Quantity.PARAMS), panel(Quantity.TOKENS));
  }

  @Override
  List<LegendStrip.Entry> legend() {
    List<LegendStrip.Entry> entries = new ArrayList<>();
    entries.add(
        new LegendStrip.Entry(
            "range measured",
            (g, x, y) -> {
              g.setColor(Ink.PALE);
              g.fill(new Rectangle2D.Double(x - 5, y - 11, 10, 22));
            }));
    if (curves.stream().anyMatch(curve -> curve.optimum().isPresent())) {
      entries.add(
          LegendStrip.interval(
              "optimum of a budget, 95% interval",
              Panel.INK, Palette.onLight(0, 1), Markers.SMALL_OPTIMUM));
    }
    if (line.measured().size() > 1) {
      entries.add(LegendStrip.band("fit through the optima, 95% band", Ink.FIT));
    }
    if (!line.outside().isEmpty()) {
      entries.add(LegendStrip.line("extrapolated", Ink.FIT, Ink.DASHED));
    }
    return entries;
  }

  private Panel panel(Quantity quantity) {
    Axis x =
        Axis.log(
            "Budget C (FLOPs)",
            DoubleStream.concat(
                curves.stream().mapToDouble(BudgetCurve::budget),
                analysis.frontier().stream().mapToDouble(FrontierPoint::budget)),
            0.06,
            6,
            Quantities::flops);
    Axis y = Axis.log(quantity.axis(), seen(quantity), 0.06, 10, Quantities::count);
    String title =
        analysis
            .isoflop()
            .map(found -> quantity.law(quantity.exponent().apply(found)))
            .orElse(quantity.symbol() + "*, no exponent");
    Panel panel = new Panel(title, x, y, false);
    curves.forEach(curve -> measured(panel, curve, quantity));
    FrontierMarks.line(panel, line, quantity, Ink.FIT, BAND);
    for (int i = 0; i < curves.size(); i++) {
      FrontierMarks.optimum(
          panel, curves.get(i), quantity, Panel.INK, Palette.onLight(i, curves.size()));
    }
    return panel;
  }

  private DoubleStream seen(Quantity quantity) {
    double[] sure =
        DoubleStream.concat(
                curves.stream().flatMap(c -> c.points().stream()).mapToDouble(quantity.measured()),
                analysis.frontier().stream().mapToDouble(p -> quantity.line().apply(p).value()))
            .toArray();
    double low = DoubleStream.of(sure).min().orElseThrow() / VIEW;
    double high = DoubleStream.of(sure).max().orElseThrow() * VIEW;
    Stream<Estimate> estimates =
        Stream.concat(
            curves.stream().flatMap(c -> c.optimum().stream()).map(quantity.optimum()),
            analysis.frontier().stream().map(quantity.line()));
    return DoubleStream.concat(
        DoubleStream.of(sure),
        estimates
            .flatMapToDouble(e -> DoubleStream.of(e.interval().low(), e.interval().high()))
            .map(end -> Math.max(low, Math.min(high, end))));
  }

  private static void measured(Panel panel, BudgetCurve curve, Quantity quantity) {
    double at = Math.log10(curve.budget());
    double[] ends =
        curve.points().stream()
            .mapToDouble(quantity.measured())
            .map(Math::log10)
            .sorted()
            .toArray();
    panel.line(
        new double[] {at, at},
        new double[] {ends[0], ends[ends.length - 1]},
        Ink.PALE,
        Ink.MEASURED);
  }
}
