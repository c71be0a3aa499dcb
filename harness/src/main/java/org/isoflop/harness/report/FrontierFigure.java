package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.BudgetCurve;
import org.isoflop.harness.analysis.FrontierPoint;
import org.isoflop.harness.analysis.Interval;
import org.isoflop.harness.analysis.Optimum;

/** N* and D* against the budget, with the line through them and its band: the static figure. */
final class FrontierFigure implements StaticFigure {

  private static final BasicStroke LINE = new BasicStroke(2f);
  private static final BasicStroke INTERVAL = new BasicStroke(1.5f);
  private static final BasicStroke MEASURED =
      new BasicStroke(10f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);
  private static final Color PALE = new Color(0xe4e7ea);
  private static final Color FIT = new Color(0xb4532a);
  private static final Color BAND = new Color(0xb4, 0x53, 0x2a, 56);

  /** Height of the line with the legend. */
  private static final int LEGEND = 44;

  /** An interval may be far wider than what was measured; the view goes this many times beyond. */
  private static final double VIEW = 2;

  private final Analysis analysis;

  FrontierFigure(Analysis analysis) {
    this.analysis = analysis;
  }

  @Override
  public int width() {
    return 1240;
  }

  @Override
  public int height() {
    return 560;
  }

  @Override
  public void paint(Graphics2D g) {
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width(), height());
    int half = width() / 2;
    int above = height() - LEGEND;
    panel(Quantity.PARAMS).paint(g, half, above);
    g.translate(half, 0);
    panel(Quantity.TOKENS).paint(g, half, above);
    g.translate(-half, 0);
    LegendStrip.paint(g, legend(), width(), above + LEGEND / 2.0 - 4);
  }

  private List<LegendStrip.Entry> legend() {
    List<LegendStrip.Entry> entries = new ArrayList<>();
    entries.add(
        new LegendStrip.Entry(
            "range measured",
            (g, x, y) -> {
              g.setColor(PALE);
              g.fill(new Rectangle2D.Double(x - 5, y - 11, 10, 22));
            }));
    if (analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent())) {
      entries.add(
          new LegendStrip.Entry(
              "optimum of a budget, 95% interval",
              (g, x, y) -> {
                g.setColor(Panel.INK);
                g.setStroke(INTERVAL);
                g.draw(new Line2D.Double(x, y - 11, x, y + 11));
                Markers.FLAT_CAP.paint(g, x, y - 11, 0);
                Markers.FLAT_CAP.paint(g, x, y + 11, 0);
                g.setColor(Palette.onLight(0, 1));
                Markers.OPTIMUM.paint(g, x, y, 0);
              }));
    }
    if (analysis.frontier().size() > 1) {
      entries.add(
          new LegendStrip.Entry(
              "fit through the optima, 95% band",
              (g, x, y) -> {
                g.setColor(BAND);
                g.fill(new Rectangle2D.Double(x - 14, y - 8, 28, 16));
                g.setColor(FIT);
                g.setStroke(LINE);
                g.draw(new Line2D.Double(x - 14, y, x + 14, y));
              }));
    }
    return entries;
  }

  private Panel panel(Quantity quantity) {
    List<BudgetCurve> curves =
        analysis.curves().stream().filter(curve -> !curve.points().isEmpty()).toList();
    Axis x =
        Axis.log(
            "Budget C (FLOPs)",
            curves.stream().mapToDouble(BudgetCurve::budget),
            0.1,
            6,
            Numbers::flops);
    Axis y = Axis.log(quantity.axis(), seen(quantity), 0.06, 10, Numbers::tick);
    String title =
        analysis
            .isoflop()
            .map(
                found ->
                    "%s* \u221d C^%s, %s = %s (%s)"
                        .formatted(
                            quantity.symbol(),
                            quantity.letter(),
                            quantity.letter(),
                            Numbers.exponent(quantity.exponent().applyAsDouble(found)),
                            Numbers.exponents(quantity.exponentInterval().apply(found))))
            .orElse(quantity.symbol() + "*, no exponent");
    Panel panel = new Panel(title, x, y, false);
    drawMeasured(panel, curves, quantity);
    drawLine(panel, y, quantity);
    drawOptima(panel, y, quantity);
    return panel;
  }

  private DoubleStream seen(Quantity quantity) {
    double[] measured =
        analysis.curves().stream()
            .flatMap(curve -> curve.points().stream())
            .mapToDouble(quantity.measured())
            .toArray();
    double low = DoubleStream.of(measured).min().orElseThrow() / VIEW;
    double high = DoubleStream.of(measured).max().orElseThrow() * VIEW;
    Stream<Interval> intervals =
        Stream.concat(
            analysis.curves().stream().flatMap(c -> c.optimum().stream()).map(quantity.interval()),
            analysis.frontier().stream().map(quantity.band()));
    return DoubleStream.concat(
        DoubleStream.of(measured),
        intervals
            .flatMapToDouble(interval -> DoubleStream.of(interval.low(), interval.high()))
            .map(end -> Math.max(low, Math.min(high, end))));
  }

  private static void drawMeasured(Panel panel, List<BudgetCurve> curves, Quantity quantity) {
    for (BudgetCurve curve : curves) {
      double at = Math.log10(curve.budget());
      double[] ends =
          curve.points().stream()
              .mapToDouble(quantity.measured())
              .map(Math::log10)
              .sorted()
              .toArray();
      panel.line(
          new double[] {at, at}, new double[] {ends[0], ends[ends.length - 1]}, PALE, MEASURED);
    }
  }

  private void drawLine(Panel panel, Axis y, Quantity quantity) {
    List<FrontierPoint> line = analysis.frontier();
    if (line.size() < 2) {
      return;
    }
    int n = line.size();
    double[] budgets = new double[n];
    double[] fitted = new double[n];
    double[] aroundX = new double[2 * n];
    double[] aroundY = new double[2 * n];
    for (int i = 0; i < n; i++) {
      FrontierPoint point = line.get(i);
      budgets[i] = Math.log10(point.budget());
      fitted[i] = y.logInside(quantity.line().applyAsDouble(point));
      aroundX[i] = budgets[i];
      aroundY[i] = y.logInside(quantity.band().apply(point).low());
      aroundX[2 * n - 1 - i] = budgets[i];
      aroundY[2 * n - 1 - i] = y.logInside(quantity.band().apply(point).high());
    }
    panel.area(aroundX, aroundY, BAND);
    panel.line(budgets, fitted, FIT, LINE);
  }

  private void drawOptima(Panel panel, Axis y, Quantity quantity) {
    List<BudgetCurve> curves = analysis.curves();
    for (int i = 0; i < curves.size(); i++) {
      if (curves.get(i).optimum().isEmpty()) {
        continue;
      }
      Optimum optimum = curves.get(i).optimum().get();
      double at = Math.log10(curves.get(i).budget());
      Interval interval = quantity.interval().apply(optimum);
      panel.marked(
          new double[] {at, at},
          new double[] {y.logInside(interval.low()), y.logInside(interval.high())},
          Panel.INK,
          INTERVAL,
          Markers.FLAT_CAP);
      panel.marks(
          new double[] {at},
          new double[] {y.logInside(quantity.optimum().applyAsDouble(optimum))},
          Palette.onLight(i, curves.size()),
          Markers.OPTIMUM);
    }
  }
}
