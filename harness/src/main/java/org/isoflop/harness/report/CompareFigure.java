package org.isoflop.harness.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.stats.Estimate;

/** Optima and local exponents of several data sets, a colour each: the static figure. */
final class CompareFigure extends PairFigure {

  /** Bands of several sets lie over each other. */
  private static final double BAND = 0.12;

  private final List<ReportInput> sets;

  CompareFigure(List<ReportInput> sets) {
    this.sets = sets;
  }

  /** Returns the local exponents that stand for a set: its windows, or else its neighbours. */
  static List<LocalExponent> local(Analysis analysis) {
    return ExponentKind.besideTop(
        analysis.windows().isEmpty() ? analysis.local() : analysis.windows(), analysis);
  }

  @Override
  List<Panel> panels() {
    List<Panel> panels = new ArrayList<>(List.of(optima()));
    if (exponents().findAny().isPresent()) {
      panels.add(local());
    }
    return panels;
  }

  @Override
  List<LegendStrip.Entry> legend() {
    return IntStream.range(0, sets.size())
        .mapToObj(i -> LegendStrip.line(sets.get(i).title(), Palette.setOnLight(i), Ink.BROAD_BAR))
        .toList();
  }

  private Panel optima() {
    List<BudgetCurve> curves =
        sets.stream().flatMap(set -> set.analysis().curves().stream()).toList();
    List<Optimum> optima = curves.stream().flatMap(curve -> curve.optimum().stream()).toList();
    DoubleStream sizes =
        optima.isEmpty()
            ? curves.stream().flatMap(c -> c.points().stream()).mapToDouble(p -> p.params())
            : DoubleStream.concat(
                optima.stream().mapToDouble(optimum -> optimum.params().value()),
                frontier().mapToDouble(point -> point.params().value()));
    Axis x = budgets();
    Axis y = Axis.log("N* (params)", sizes, 0.1, 10, Quantities::count);
    Panel panel = new Panel("Optimal parameters", x, y, false);
    for (int i = 0; i < sets.size(); i++) {
      Color colour = Palette.setOnLight(i);
      Analysis analysis = sets.get(i).analysis();
      FrontierMarks.line(
          panel, FrontierLine.of(analysis.frontier()), Quantity.PARAMS, colour, BAND);
      analysis
          .curves()
          .forEach(curve -> FrontierMarks.optimum(panel, curve, Quantity.PARAMS, colour, colour));
    }
    return panel;
  }

  private Panel local() {
    Axis y = ExponentMarks.axis("Exponent a", exponents());
    Panel panel = new Panel("Local exponents, a = d ln N* / d ln C", budgets(), y, false);
    for (int i = 0; i < sets.size(); i++) {
      Color colour = Palette.setOnLight(i);
      Analysis analysis = sets.get(i).analysis();
      ExponentMarks.draw(panel, local(analysis), Quantity.PARAMS, colour, Ink.LINE, 0);
      ExponentMarks.draw(
          panel, analysis.top().stream().toList(), Quantity.PARAMS, colour, Ink.BROAD_BAR, 0);
    }
    return panel;
  }

  private Axis budgets() {
    return Axis.log(
        "Budget C (FLOPs)",
        DoubleStream.concat(
            sets.stream()
                .flatMap(set -> set.analysis().curves().stream())
                .mapToDouble(BudgetCurve::budget),
            frontier().mapToDouble(FrontierPoint::budget)),
        0.04,
        6,
        Quantities::flops);
  }

  private Stream<FrontierPoint> frontier() {
    return sets.stream().flatMap(set -> set.analysis().frontier().stream());
  }

  private Stream<Estimate> exponents() {
    return sets.stream()
        .map(ReportInput::analysis)
        .flatMap(found -> Stream.concat(local(found).stream(), found.top().stream()))
        .map(found -> found.exponents().a());
  }
}
