package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;
import org.knowm.xchart.XYSeries;

/** Loss against parameters, one curve per budget, with fits and optima: the static figure. */
final class IsoflopFigure implements StaticFigure {

  private static final BasicStroke FIT = new BasicStroke(2.2f);

  private final List<BudgetCurve> curves;
  private final Set<LossPoint> outliers;

  IsoflopFigure(Analysis analysis) {
    curves = analysis.curves();
    outliers = Outliers.of(analysis);
  }

  @Override
  public int width() {
    return 1000;
  }

  @Override
  public int height() {
    return 600;
  }

  @Override
  public void paint(Graphics2D g) {
    DoubleStream sizes =
        curves.stream().flatMap(c -> c.points().stream()).mapToDouble(LossPoint::params);
    Axis x = Axis.log("Parameters N", sizes, 0.04, 10, Quantities::count);
    Axis y = Axis.linear("Validation loss (nats per token)", losses(), 0.06, 8);
    Panel panel = new Panel("", x, y, true);
    for (int i = 0; i < curves.size(); i++) {
      curve(panel, curves.get(i), Palette.onLight(i, curves.size()));
    }
    for (int i = 0; i < curves.size(); i++) {
      Color colour = Palette.onLight(i, curves.size());
      curves.get(i).optimum().ifPresent(optimum -> bottom(panel, optimum, colour));
    }
    panel.paint(g, width(), height());
  }

  private void curve(Panel panel, BudgetCurve curve, Color colour) {
    if (curve.points().isEmpty()) {
      return;
    }
    String name = Quantities.flops(curve.budget()) + " FLOPs";
    List<LossPoint> kept = curve.points().stream().filter(p -> !outliers.contains(p)).toList();
    if (curve.optimum().isEmpty()) {
      XYSeries series =
          panel.marked(sizes(kept), losses(kept), colour, Ink.THIN_DASHED, Markers.HOLLOW);
      Panel.named(series, name + ", no optimum");
    } else {
      Panel.named(fit(panel, curve.optimum().get(), colour), name);
      panel.marks(sizes(kept), losses(kept), colour, Markers.POINT);
    }
    for (LossPoint point : curve.points()) {
      if (outliers.contains(point)) {
        panel.marks(
            new double[] {Math.log10(point.params())},
            new double[] {panel.y().wellInside(point.loss())},
            colour,
            Markers.LEFT_OUT);
      }
    }
  }

  private static XYSeries fit(Panel panel, Optimum optimum, Color colour) {
    double[] at = optimum.curve().stream().mapToDouble(p -> Math.log10(p.params())).toArray();
    double[] loss = optimum.curve().stream().mapToDouble(Optimum.CurvePoint::loss).toArray();
    return panel.line(at, loss, colour, FIT);
  }

  private static void bottom(Panel panel, Optimum optimum, Color colour) {
    Interval params = optimum.params().interval();
    panel.lying(
        optimum.loss().value(), Math.log10(params.low()), Math.log10(params.high()), Panel.INK);
    panel.marks(
        new double[] {Math.log10(optimum.params().value())},
        new double[] {optimum.loss().value()},
        colour,
        Markers.OPTIMUM);
  }

  private DoubleStream losses() {
    return DoubleStream.concat(
        curves.stream()
            .flatMap(curve -> curve.points().stream())
            .filter(point -> !outliers.contains(point))
            .mapToDouble(LossPoint::loss),
        curves.stream().flatMap(c -> c.optimum().stream()).mapToDouble(o -> o.loss().value()));
  }

  private static double[] sizes(List<LossPoint> points) {
    return points.stream().mapToDouble(p -> Math.log10(p.params())).toArray();
  }

  private static double[] losses(List<LossPoint> points) {
    return points.stream().mapToDouble(LossPoint::loss).toArray();
  }
}
