package org.isoflop.harness.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.report.LossSurface.Contour;
import org.isoflop.harness.report.LossSurface.Place;

/** The parametric law as contours of loss over params and tokens: the static figure. */
final class SurfaceFigure implements StaticFigure {

  private static final int LEGEND = 44;
  private static final Color CONTOUR = new Color(0x9aa1a9);

  private final List<BudgetCurve> curves;
  private final Set<LossPoint> outliers;
  private final LossSurface surface;

  private SurfaceFigure(Analysis analysis, LossSurface surface) {
    curves = analysis.curves();
    outliers = Outliers.of(analysis);
    this.surface = surface;
  }

  /** Returns the figure, where there is a law to draw. */
  static Optional<StaticFigure> of(Analysis analysis) {
    return LossSurface.of(analysis).map(surface -> new SurfaceFigure(analysis, surface));
  }

  @Override
  public int width() {
    return 1000;
  }

  @Override
  public int height() {
    return 660;
  }

  @Override
  public void paint(Graphics2D g) {
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width(), height());
    Panel panel =
        new Panel(
            "", axis("Parameters N", surface.params()), axis("Tokens D", surface.tokens()), true);
    for (Contour contour : surface.contours()) {
      panel.line(params(contour.line()), tokens(contour.line()), CONTOUR, Ink.THIN);
      Place end = contour.line().get(0);
      panel.note(
          Math.log10(end.params()),
          Math.log10(end.tokens()),
          Quantities.format("%.2f", contour.loss()),
          Panel.SOFT);
    }
    for (int i = 0; i < curves.size(); i++) {
      budget(panel, curves.get(i), Palette.onLight(i, curves.size()));
    }
    if (surface.frontier().size() > 1) {
      panel.line(params(surface.frontier()), tokens(surface.frontier()), Ink.LAW, Ink.LINE);
    }
    for (int i = 0; i < curves.size(); i++) {
      Color colour = Palette.onLight(i, curves.size());
      curves.get(i).optimum().ifPresent(optimum -> optimum(panel, optimum, colour));
    }
    panel.paint(g, width(), height() - LEGEND);
    LegendStrip.paint(
        g,
        List.of(
            LegendStrip.line("equal loss by the law, nats per token", CONTOUR, Ink.THIN),
            LegendStrip.line("its efficient frontier", Ink.LAW, Ink.LINE),
            LegendStrip.mark("optimum by the curves", Palette.onLight(0, 1), Markers.OPTIMUM)),
        width(),
        height() - LEGEND);
  }

  private void budget(Panel panel, BudgetCurve curve, Color colour) {
    List<Place> points = places(curve, point -> true);
    if (points.isEmpty()) {
      return;
    }
    panel.line(params(points), tokens(points), Ink.faint(colour, 0.35), Ink.THIN);
    List<Place> kept = places(curve, point -> !outliers.contains(point));
    if (!kept.isEmpty()) {
      Panel.named(
          panel.marks(params(kept), tokens(kept), colour, Markers.POINT),
          Quantities.flops(curve.budget()) + " FLOPs");
    }
    List<Place> left = places(curve, outliers::contains);
    if (!left.isEmpty()) {
      panel.marks(params(left), tokens(left), colour, Markers.LEFT_OUT);
    }
  }

  private static List<Place> places(BudgetCurve curve, Predicate<LossPoint> which) {
    return curve.points().stream()
        .filter(which)
        .map(point -> new Place(point.params(), point.tokens()))
        .toList();
  }

  private static void optimum(Panel panel, Optimum optimum, Color colour) {
    panel.marks(
        new double[] {panel.x().logInside(optimum.params().value())},
        new double[] {panel.y().logInside(optimum.tokens().value())},
        colour,
        Markers.OPTIMUM);
  }

  private static Axis axis(String name, Interval range) {
    return Axis.log(name, DoubleStream.of(range.low(), range.high()), 0, 10, Quantities::count);
  }

  private static double[] params(List<Place> line) {
    return line.stream().mapToDouble(at -> Math.log10(at.params())).toArray();
  }

  private static double[] tokens(List<Place> line) {
    return line.stream().mapToDouble(at -> Math.log10(at.tokens())).toArray();
  }
}
