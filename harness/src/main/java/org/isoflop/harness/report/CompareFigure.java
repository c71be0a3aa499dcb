package org.isoflop.harness.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Legend.Swatch;

/** Optima and local exponents of several data sets, a colour each. */
final class CompareFigure {

  /** Bands of several sets lie over each other. */
  private static final double BAND = 0.12;

  private CompareFigure() {}

  /** Returns the figure of the optima. */
  static Figure optima(List<ReportInput> sets) {
    return figure(
        "compare",
        "Optimal parameters and tokens",
        "Optimal parameters and tokens of each set against the budget on logarithmic axes, with"
            + " intervals and lines.",
        List.of(optima(sets, Quantity.PARAMS), optima(sets, Quantity.TOKENS)),
        sets,
        "Diamonds: the optimum of each budget, with its 95% interval. Lines and bands: the fit"
            + " through the optima of a set; dashed where it is extrapolated.");
  }

  /** Returns the figure of the local exponents, where any set has one. */
  static Optional<Figure> exponents(List<ReportInput> sets) {
    List<Exponents> all =
        sets.stream()
            .map(ReportInput::analysis)
            .flatMap(found -> Stream.concat(local(found).stream(), found.top().stream()))
            .map(LocalExponent::exponents)
            .toList();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(
            figure(
                "compare-exponents",
                "Local exponents",
                "Local exponents of each set against the budget, with intervals.",
                List.of(
                    exponents(sets, all, Quantity.PARAMS), exponents(sets, all, Quantity.TOKENS)),
                sets,
                "Each horizontal bar is the slope over the budgets it spans, the upright bar its"
                    + " 95% interval; the broad bar is the top of a set's range, the slope to"
                    + " extrapolate from."));
  }

  private static Figure figure(
      String name,
      String heading,
      String alt,
      List<Plot> plots,
      List<ReportInput> sets,
      String caption) {
    List<Swatch> keys =
        IntStream.range(0, sets.size())
            .mapToObj(i -> Swatch.line(layer(i), sets.get(i).title(), Ink.set(i), Pen.BROAD_BAR))
            .toList();
    return new Figure(name, heading, alt, plots, 360, new Legend("", keys), caption);
  }

  /** Returns the layer that holds all of a set. */
  static String layer(int set) {
    return "set-" + set;
  }

  /** Returns the local exponents that stand for a set: its windows, or else its neighbours. */
  private static List<LocalExponent> local(Analysis analysis) {
    List<LocalExponent> windows = analysis.part(Part.WINDOWS);
    return ExponentKind.besideTop(
        windows.isEmpty() ? analysis.part(Part.LOCAL) : windows, analysis);
  }

  private static Plot optima(List<ReportInput> sets, Quantity quantity) {
    List<BudgetCurve> curves =
        sets.stream().flatMap(set -> set.analysis().curves().stream()).toList();
    List<Optimum> optima = curves.stream().flatMap(curve -> curve.optimum().stream()).toList();
    Stream<FrontierPoint> lines =
        sets.stream().flatMap(set -> set.analysis().frontier().drawn().stream());
    DoubleStream sizes =
        optima.isEmpty()
            ? curves.stream().flatMap(c -> c.points().stream()).mapToDouble(quantity.measured())
            : Stream.concat(optima.stream().map(quantity.optimum()), lines.map(quantity.line()))
                .mapToDouble(Estimate::value);
    Plot plot =
        new Plot("", budgets(sets), Axis.log(quantity.axis(), sizes, 0.1, 10, Quantities::count));
    for (int i = 0; i < sets.size(); i++) {
      Analysis analysis = sets.get(i).analysis();
      String name = sets.get(i).title();
      FrontierFigure.line(plot, analysis, quantity, Ink.set(i), BAND, layer(i), name + ", fit");
      for (BudgetCurve curve : analysis.curves()) {
        FrontierFigure.optimum(
            plot, curve, quantity, Ink.set(i), Ink.set(i), layer(i), name + ", optimum");
      }
    }
    return plot;
  }

  private static Plot exponents(List<ReportInput> sets, List<Exponents> all, Quantity quantity) {
    Plot plot = new Plot("", budgets(sets), ExponentsFigure.axis(quantity, all.stream()));
    for (int i = 0; i < sets.size(); i++) {
      Analysis analysis = sets.get(i).analysis();
      Plot.Layer layer = plot.layer(layer(i), Ink.set(i));
      String name = sets.get(i).title();
      ExponentsFigure.draw(layer, local(analysis), quantity, Pen.LINE, 0, name);
      ExponentsFigure.draw(
          layer,
          analysis.top().stream().toList(),
          quantity,
          Pen.BROAD_BAR,
          0,
          name + ", top of the range");
    }
    return plot;
  }

  private static Axis budgets(List<ReportInput> sets) {
    return FrontierFigure.budgets(sets.stream().map(ReportInput::analysis), 0.04);
  }
}
