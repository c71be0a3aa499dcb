package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One plot of a static figure: XChart draws series, frame, axis names and legend; the grid and the
 * tick labels come from the {@link Axis}, which knows better where a logarithmic axis wants them.
 */
final class Panel {

  static final Color INK = new Color(0x1c1e21);
  static final Color SOFT = new Color(0x5b6168);
  private static final Color GRID = new Color(0xe6e8ea);
  private static final Color FRAME = new Color(0xb9bec4);

  static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
  private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);

  /** Room between the frame and the axis names for the tick labels, in pixels. */
  private static final int LABEL_ROOM = 32;

  private final XYChart chart;
  private final Axis x;
  private final Axis y;
  private int unnamed;

  Panel(String title, Axis x, Axis y, boolean legend) {
    this.x = x;
    this.y = y;
    chart = new XYChartBuilder().title(title).xAxisTitle(x.name()).yAxisTitle(y.name()).build();
    XYStyler style = chart.getStyler();
    style.setXAxisMin(x.low()).setXAxisMax(x.high()).setYAxisMin(y.low()).setYAxisMax(y.high());
    style.setPlotContentSize(1.0).setAntiAlias(true).setChartPadding(14);
    style.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderColor(FRAME).setChartFontColor(INK);
    style.setPlotGridLinesVisible(false).setAxisTicksMarksVisible(false);
    style.setAxisTicksLineVisible(false);
    style.setxAxisTickLabelsFormattingFunction(at -> " ");
    style.setyAxisTickLabelsFormattingFunction(at -> " ");
    style.setAxisTickPadding(LABEL_ROOM);
    style.setAxisTitleFont(TEXT).setAxisTickLabelsFont(TEXT).setAxisTitlePadding(14);
    style.setChartTitleFont(TITLE).setChartTitleBoxVisible(false).setChartTitlePadding(10);
    style.setChartTitleVisible(!title.isEmpty());
    style.setLegendPosition(Styler.LegendPosition.OutsideE).setLegendFont(TEXT).setLegendPadding(8);
    style.setLegendBorderColor(Color.WHITE).setLegendBackgroundColor(Color.WHITE);
    style.setLegendSeriesLineLength(26);
    style.setLegendVisible(legend);
    BasicStroke hairline = new BasicStroke(1f);
    for (Axis.Tick tick : x.ticks()) {
      line(new double[] {tick.at(), tick.at()}, new double[] {y.low(), y.high()}, GRID, hairline);
    }
    for (Axis.Tick tick : y.ticks()) {
      line(new double[] {x.low(), x.high()}, new double[] {tick.at(), tick.at()}, GRID, hairline);
    }
  }

  /** Adds a line without marks, not in the legend until {@link #named}. */
  XYSeries line(double[] xs, double[] ys, Color colour, BasicStroke stroke) {
    return marked(xs, ys, colour, stroke, SeriesMarkers.NONE);
  }

  /** Adds marks without a line. */
  XYSeries marks(double[] xs, double[] ys, Color colour, Marker marker) {
    XYSeries series = marked(xs, ys, colour, SeriesLines.NONE, marker);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    return series;
  }

  /** Adds a line with marks. */
  XYSeries marked(double[] xs, double[] ys, Color colour, BasicStroke stroke, Marker marker) {
    XYSeries series = chart.addSeries("series " + unnamed++, xs, ys);
    series.setLineColor(colour).setLineStyle(stroke);
    series.setMarkerColor(colour).setMarker(marker);
    series.setShowInLegend(false);
    return series;
  }

  /** Adds a filled outline. */
  XYSeries area(double[] xs, double[] ys, Color fill) {
    XYSeries series = marked(xs, ys, fill, SeriesLines.NONE, SeriesMarkers.NONE);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(fill);
    return series;
  }

  /** Puts a series into the legend. */
  static void named(XYSeries series, String name) {
    series.setLabel(name);
    series.setShowInLegend(true);
  }

  /** Paints the panel, ground included, with its upper left corner at the origin. */
  void paint(Graphics2D g, int width, int height) {
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    chart.paint(g, width, height);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(SOFT);
    double left = chart.getScreenXFromChart(x.low());
    double bottom = chart.getScreenYFromChart(y.low());
    for (Axis.Tick tick : x.ticks()) {
      Rectangle2D box = bounds(tick.label());
      double at = chart.getScreenXFromChart(tick.at());
      text(g, tick.label(), at - box.getCenterX(), bottom + 7 + TEXT.getSize() * 0.75);
    }
    for (Axis.Tick tick : y.ticks()) {
      Rectangle2D box = bounds(tick.label());
      double at = chart.getScreenYFromChart(tick.at());
      text(g, tick.label(), left - 7 - box.getMaxX(), at - box.getCenterY());
    }
  }

  /** Where the ink of a text falls, its left end of the baseline at the origin. */
  static Rectangle2D bounds(String label) {
    return new TextLayout(label, TEXT, EXACT).getBounds();
  }

  /** Fills outlines, as XChart does: an SVG then looks the same whatever fonts its viewer has. */
  static void text(Graphics2D g, String label, double x, double y) {
    Shape outline =
        new TextLayout(label, TEXT, EXACT).getOutline(AffineTransform.getTranslateInstance(x, y));
    g.fill(outline);
  }
}
