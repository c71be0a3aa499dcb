package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.isoflop.harness.analysis.BudgetCurve;
import org.isoflop.harness.analysis.LossPoint;
import org.isoflop.harness.analysis.Optimum;
import org.knowm.xchart.XYSeries;

/** Loss against parameters, one curve per budget, with fits and optima: the static figure. */
final class IsoflopFigure implements StaticFigure {

  private static final BasicStroke FIT = new BasicStroke(2.2f);
  private static final BasicStroke INTERVAL = new BasicStroke(1.5f);
  private static final BasicStroke DASHED =
      new BasicStroke(
          1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {6f, 5f}, 0f);
  private static final int FIT_STEPS = 80;

  private final List<BudgetCurve> curves;

  IsoflopFigure(List<BudgetCurve> curves) {
    this.curves = curves;
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
    Axis x = Axis.log("Parameters N", all(LossPoint::params), 0.04, 10, Numbers::tick);
    DoubleStream losses =
        DoubleStream.concat(
            all(LossPoint::loss),
            curves.stream().flatMap(c -> c.optimum().stream()).mapToDouble(Optimum::loss));
    Axis y = Axis.linear("Validation loss (nats per token)", losses, 0.06, 8);
    Panel panel = new Panel("", x, y, true);
    for (int i = 0; i < curves.size(); i++) {
      BudgetCurve curve = curves.get(i);
      Color colour = Palette.onLight(i, curves.size());
      String name = Numbers.flops(curve.budget()) + " FLOPs";
      if (curve.points().isEmpty()) {
        continue;
      }
      double[] sizes = curve.points().stream().mapToDouble(p -> Math.log10(p.params())).toArray();
      double[] loss = curve.points().stream().mapToDouble(LossPoint::loss).toArray();
      if (curve.optimum().isEmpty()) {
        XYSeries series = panel.marked(sizes, loss, colour, DASHED, Markers.HOLLOW);
        Panel.named(series, name + ", no optimum");
      } else {
        Panel.named(fit(panel, sizes, curve.optimum().get(), colour), name);
        panel.marks(sizes, loss, colour, Markers.POINT);
      }
    }
    for (int i = 0; i < curves.size(); i++) {
      Color colour = Palette.onLight(i, curves.size());
      curves.get(i).optimum().ifPresent(optimum -> bottom(panel, x, optimum, colour));
    }
    panel.paint(g, width(), height());
  }

  private static XYSeries fit(Panel panel, double[] sizes, Optimum optimum, Color colour) {
    double from = DoubleStream.of(sizes).min().orElseThrow();
    double to = DoubleStream.of(sizes).max().orElseThrow();
    double[] at = new double[FIT_STEPS + 1];
    double[] loss = new double[FIT_STEPS + 1];
    for (int i = 0; i <= FIT_STEPS; i++) {
      at[i] = from + (to - from) * i / FIT_STEPS;
      loss[i] = optimum.curve().loss(Math.pow(10, at[i]));
    }
    return panel.line(at, loss, colour, FIT);
  }

  private static void bottom(Panel panel, Axis x, Optimum optimum, Color colour) {
    panel.marked(
        new double[] {
          x.logInside(optimum.paramsInterval().low()), x.logInside(optimum.paramsInterval().high())
        },
        new double[] {optimum.loss(), optimum.loss()},
        Panel.INK,
        INTERVAL,
        Markers.UPRIGHT_CAP);
    panel.marks(
        new double[] {Math.log10(optimum.params())},
        new double[] {optimum.loss()},
        colour,
        Markers.OPTIMUM);
  }

  private DoubleStream all(ToDoubleFunction<LossPoint> value) {
    return curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(value);
  }
}
