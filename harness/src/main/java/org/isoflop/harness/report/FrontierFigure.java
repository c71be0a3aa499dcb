package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Legend.Swatch;

/** N* and D* against the budget, with the line through them and its band, a decade further. */
final class FrontierFigure {

  private static final double BAND = 0.2;

  /** An interval may be far wider than what was measured; the view goes this many times beyond. */
  private static final double VIEW = 2;

  private static final String RANGE = "range";
  private static final String OPTIMA = "optima";
  private static final String FITTED = "fitted";
  private static final String BEYOND = "beyond";

  private FrontierFigure() {}

  static Figure of(Analysis analysis) {
    List<Swatch> keys = new ArrayList<>();
    keys.add(Swatch.upright(RANGE, "range measured", Ink.PALE, Pen.MEASURED));
    if (analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent())) {
      keys.add(
          Swatch.mark(
              OPTIMA, "optimum of a budget, 95% interval", Ink.budget(0, 1), Symbol.SMALL_OPTIMUM));
    }
    if (measured(analysis).size() > 1) {
      keys.add(Swatch.band(FITTED, "fit through the optima, 95% band", Ink.FIT));
    }
    if (leavesTheMeasured(analysis)) {
      keys.add(Swatch.line(BEYOND, "extrapolated", Ink.FIT, Pen.DASHED));
    }
    return new Figure(
        "frontier",
        "Optimal parameters and tokens",
        "Optimal parameters and tokens against the budget on logarithmic axes, with the line"
            + " through them; the table of optima has the numbers.",
        List.of(plot(analysis, Quantity.PARAMS), plot(analysis, Quantity.TOKENS)),
        340,
        new Legend("", keys),
        caption(analysis));
  }

  /** What the marks of the second figure mean, of those that are there. */
  private static String caption(Analysis analysis) {
    boolean optima = analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent());
    String fit =
        measured(analysis).size() < 2
            ? "There is no line, because there are no exponents. "
            : (analysis.isoflop().isPresent()
                    ? "Line and band: the fit through the optima and its 95% interval"
                    : "Line and band: the parametric law's split and its 95% interval")
                + (leavesTheMeasured(analysis)
                    ? "; dashed where it is extrapolated beyond the measured budgets. "
                    : ", over the measured budgets only. ");
    return (optima ? "Diamonds: the optimum of each budget, with its 95% interval. " : "")
        + fit
        + "Wide pale bars: what was measured at each budget.";
  }

  private static Plot plot(Analysis analysis, Quantity quantity) {
    Budgets budgets = new Budgets(analysis);
    Plot plot =
        new Plot(
            analysis
                .isoflop()
                .map(found -> quantity.law(quantity.exponent().apply(found)))
                .orElse(quantity.symbol() + "*, no exponent"),
            budgets(Stream.of(analysis), 0.06),
            Axis.log(quantity.axis(), seen(analysis, quantity), 0.06, 10, Quantities::count));
    for (int i = 0; i < budgets.count(); i++) {
      double[] sizes =
          budgets.curve(i).points().stream().mapToDouble(quantity.measured()).sorted().toArray();
      if (sizes.length > 0) {
        double at = budgets.curve(i).budget();
        plot.layer(RANGE + " " + budgets.layer(i), Ink.PALE)
            .line(at, sizes[0], at, sizes[sizes.length - 1], Pen.MEASURED);
      }
    }
    line(plot, analysis, quantity, Ink.FIT, BAND, "", "Fit");
    for (int i = 0; i < budgets.count(); i++) {
      optimum(
          plot,
          budgets.curve(i),
          quantity,
          Ink.BLACK,
          budgets.ink(i),
          OPTIMA + " " + budgets.layer(i),
          "Optimum");
    }
    return plot;
  }

  /** Returns an axis of all budgets and lines. */
  static Axis budgets(Stream<Analysis> analyses, double margin) {
    return Axis.log(
        "Budget C (FLOPs)",
        analyses.flatMapToDouble(
            analysis ->
                DoubleStream.concat(
                    analysis.curves().stream().mapToDouble(BudgetCurve::budget),
                    analysis.frontier().drawn().stream().mapToDouble(FrontierPoint::budget))),
        margin,
        6,
        Quantities::flops);
  }

  private static DoubleStream seen(Analysis analysis, Quantity quantity) {
    List<Estimate> line = analysis.frontier().drawn().stream().map(quantity.line()).toList();
    double[] sure =
        DoubleStream.concat(
                analysis.curves().stream()
                    .flatMap(curve -> curve.points().stream())
                    .mapToDouble(quantity.measured()),
                line.stream().mapToDouble(Estimate::value))
            .toArray();
    double low = DoubleStream.of(sure).min().orElseThrow() / VIEW;
    double high = DoubleStream.of(sure).max().orElseThrow() * VIEW;
    Stream<Estimate> optima =
        analysis.curves().stream()
            .flatMap(curve -> curve.optimum().stream())
            .map(quantity.optimum());
    return DoubleStream.concat(
        DoubleStream.of(sure),
        Stream.concat(optima, line.stream())
            .flatMapToDouble(e -> DoubleStream.of(e.interval().low(), e.interval().high()))
            .map(end -> Math.max(low, Math.min(high, end))));
  }

  /**
   * Draws the line of an analysis in its band; dashed, with a fainter band, where it leaves what
   * was measured.
   *
   * @param layer of all of it; may be empty
   * @param title what to call it
   */
  static void line(
      Plot plot,
      Analysis analysis,
      Quantity quantity,
      Ink ink,
      double band,
      String layer,
      String title) {
    Function<FrontierPoint, Estimate> estimate = quantity.line();
    List<FrontierPoint> all = analysis.frontier().drawn();
    line(plot.layer(layer + " " + FITTED + " " + BEYOND, ink), all, estimate, band / 2, Pen.DASHED);
    line(plot.layer(layer + " " + FITTED, ink), measured(analysis), estimate, band / 2, Pen.LINE);
    Plot.Layer spots = plot.layer(layer, ink);
    for (FrontierPoint point : all) {
      List<String> tip = new ArrayList<>();
      tip.add(title + " at " + Quantities.flops(point.budget()) + " FLOPs");
      tip.addAll(quantity.lines(estimate.apply(point)));
      point
          .loss()
          .ifPresent(loss -> tip.add(Numbers.of(Words.LOSS, loss.value()) + " nats per token"));
      if (Math.abs(point.decadesBeyond()) >= 0.05) {
        tip.add(Numbers.reach(point.decadesBeyond()) + " the measured range");
      }
      spots.mark(
          Symbol.SPOT, point.budget(), estimate.apply(point).value(), String.join("\n", tip));
    }
  }

  private static List<FrontierPoint> measured(Analysis analysis) {
    return analysis.frontier().drawn().stream()
        .filter(point -> point.decadesBeyond() == 0)
        .toList();
  }

  private static boolean leavesTheMeasured(Analysis analysis) {
    return analysis.frontier().drawn().stream().anyMatch(point -> point.decadesBeyond() != 0);
  }

  private static void line(
      Plot.Layer layer,
      List<FrontierPoint> part,
      Function<FrontierPoint, Estimate> estimate,
      double band,
      Pen pen) {
    layer.band(part, FrontierPoint::budget, point -> estimate.apply(point).interval(), band);
    layer.line(part, FrontierPoint::budget, point -> estimate.apply(point).value(), pen, "");
  }

  /**
   * Draws the optimum of one budget, where it has one.
   *
   * @param bar of its interval, which has no caps: they would peep out behind the diamond where it
   *     is no longer than that
   */
  static void optimum(
      Plot plot,
      BudgetCurve curve,
      Quantity quantity,
      Ink bar,
      Ink ink,
      String layer,
      String title) {
    curve
        .optimum()
        .map(quantity.optimum())
        .ifPresent(
            found -> {
              double at = curve.budget();
              plot.layer(layer, bar)
                  .line(at, found.interval().low(), at, found.interval().high(), Pen.LINE);
              String tip =
                  title
                      + " at "
                      + Quantities.flops(at)
                      + " FLOPs\n"
                      + String.join("\n", quantity.lines(found));
              plot.layer(layer, ink).mark(Symbol.SMALL_OPTIMUM, at, found.value(), tip);
            });
  }
}
