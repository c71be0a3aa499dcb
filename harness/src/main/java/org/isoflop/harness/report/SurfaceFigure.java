package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Legend.Swatch;
import org.isoflop.harness.report.LossSurface.Place;

/** The parametric law as contours of loss over params and tokens, and what was measured. */
final class SurfaceFigure {

  private static final String HEADING = "Parametric surface";
  private static final String CONTOURS = "contours";
  private static final String FRONTIER = "law-frontier";

  private SurfaceFigure() {}

  /** Returns the figure, where there is a law to draw. */
  static Optional<Figure> of(Analysis analysis) {
    return LossSurface.of(analysis).map(surface -> of(analysis, surface));
  }

  private static Figure of(Analysis analysis, LossSurface surface) {
    Budgets budgets = new Budgets(analysis);
    Plot plot =
        new Plot("", axis("Parameters N", surface.params()), axis("Tokens D", surface.tokens()));
    Plot.Layer contours = plot.layer(CONTOURS, Ink.CONTOUR);
    Plot.Layer losses = plot.layer(CONTOURS, Ink.SOFT);
    for (LossSurface.Contour contour : surface.contours()) {
      contours.line(contour.line(), Place::params, Place::tokens, Pen.THIN, "");
      Place end = contour.line().get(0);
      losses.note(Quantities.format("%.2f", contour.loss()), end.params(), end.tokens());
    }
    plot.layer(FRONTIER, Ink.LAW)
        .line(surface.frontier(), Place::params, Place::tokens, Pen.LINE, "");
    for (int i = 0; i < budgets.count(); i++) {
      Plot.Layer layer = plot.layer(budgets.layer(i), budgets.ink(i));
      List<LossPoint> points = budgets.curve(i).points();
      layer.line(points, LossPoint::params, LossPoint::tokens, Pen.FAINT, "");
      for (LossPoint point : points) {
        layer.mark(
            budgets.isOutlier(point) ? Symbol.LEFT_OUT : Symbol.POINT,
            point.params(),
            point.tokens(),
            budgets.tip(i, point, List.of()));
      }
    }
    for (int i = 0; i < budgets.count(); i++) {
      Plot.Layer layer = plot.layer(budgets.layer(i), budgets.ink(i));
      String title = "Optimum of the curve at " + budgets.name(i);
      budgets
          .curve(i)
          .optimum()
          .ifPresent(
              found ->
                  layer.mark(
                      Symbol.OPTIMUM,
                      found.params().value(),
                      found.tokens().value(),
                      title
                          + "\nN* = "
                          + Quantities.count(found.params().value())
                          + "\nD* = "
                          + Quantities.count(found.tokens().value())));
    }
    List<Swatch> keys = new ArrayList<>(budgets.keys());
    keys.add(Swatch.line(CONTOURS, "equal loss by the law, nats per token", Ink.CONTOUR, Pen.THIN));
    keys.add(Swatch.line(FRONTIER, "its efficient frontier", Ink.LAW, Pen.LINE));
    return new Figure(
        "surface",
        HEADING,
        "Lines of equal loss by the parametric law over parameters and tokens, its efficient"
            + " frontier, the points measured and the optima of the curves.",
        List.of(plot),
        480,
        new Legend(Budgets.TITLE, keys),
        "Points: what was measured, joined where they share a budget. The efficient frontier is"
            + " where a line of equal loss needs the least compute."
            + (analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent())
                ? " Diamonds: the optima of the IsoFLOP curves; where they leave the frontier, law"
                    + " and curves disagree."
                : ""));
  }

  /** Returns a section that says why there is no surface, where a law was tried. */
  static Optional<String> refused(Analysis analysis) {
    return analysis
        .refused(Method.PARAMETRIC)
        .map(
            reason ->
                "<section aria-labelledby=\"surface\">\n<h2 id=\"surface\">%s</h2>\n<p>%s</p>\n</section>\n"
                    .formatted(HEADING, ReportWords.refusal("No surface", reason)));
  }

  private static Axis axis(String name, Interval range) {
    return Axis.log(name, DoubleStream.of(range.low(), range.high()), 0, 10, Quantities::count);
  }
}
