package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
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

  /** Between the frame and its tick labels, and between those and the axis names, in pixels. */
  private static final int GAP = 7;

  private static final int BETWEEN = 12;

  /** Below the frame there are always labels and a name. */
  private static final int LEAST_ROOM = 48;

  private static final int TITLE_ROOM = 26;

  private final String title;
  private final XYChart chart;
  private final Axis x;
  private final Axis y;
  private final List<Note> notes = new ArrayList<>();
  private int unnamed;

  private record Note(double x, double y, String text, Color colour) {}

  Panel(String title, Axis x, Axis y, boolean legend) {
    this.title = title;
    this.x = x;
    this.y = y;
    chart = new XYChartBuilder().build();
    XYStyler style = chart.getStyler();
    style.setXAxisMin(x.low()).setXAxisMax(x.high()).setYAxisMin(y.low()).setYAxisMax(y.high());
    style.setPlotContentSize(1.0).setAntiAlias(true).setChartPadding(14);
    style.setChartBackgroundColor(Color.WHITE).setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderColor(FRAME).setChartFontColor(INK);
    style.setPlotGridLinesVisible(false).setAxisTicksMarksVisible(false);
    style.setAxisTicksLineVisible(false);
    style.setxAxisTickLabelsFormattingFunction(at -> " ");
    style.setyAxisTickLabelsFormattingFunction(at -> " ");
    style.setAxisTitlesVisible(false).setAxisTickLabelsFont(Glyphs.TEXT);
    style.setChartTitleVisible(false);
    style
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setLegendFont(Glyphs.TEXT)
        .setLegendPadding(8);
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

  /**
   * Adds an upright interval between two places, which may lie outside: an end that is not seen
   * gets no cap, or it would look like a bound.
   */
  void upright(double at, double low, double high, Color colour) {
    line(new double[] {at, at}, new double[] {y.inside(low), y.inside(high)}, colour, Ink.INTERVAL);
    for (double end : new double[] {low, high}) {
      if (end == y.inside(end)) {
        marks(new double[] {at}, new double[] {end}, colour, Markers.FLAT_CAP);
      }
    }
  }

  /** Adds an interval that lies, as {@link #upright} does. */
  void lying(double at, double low, double high, Color colour) {
    line(new double[] {x.inside(low), x.inside(high)}, new double[] {at, at}, colour, Ink.INTERVAL);
    for (double end : new double[] {low, high}) {
      if (end == x.inside(end)) {
        marks(new double[] {end}, new double[] {at}, colour, Markers.UPRIGHT_CAP);
      }
    }
  }

  /** Adds a filled outline. */
  XYSeries area(double[] xs, double[] ys, Color fill) {
    XYSeries series = marked(xs, ys, fill, SeriesLines.NONE, SeriesMarkers.NONE);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(fill);
    return series;
  }

  /** Writes a text that ends just left of a place, above it. */
  void note(double atX, double atY, String text, Color colour) {
    notes.add(new Note(atX, atY, text, colour));
  }

  /** Returns the axis across. */
  Axis x() {
    return x;
  }

  /** Returns the upright axis. */
  Axis y() {
    return y;
  }

  /** Puts a series into the legend. */
  static void named(XYSeries series, String name) {
    series.setLabel(name);
    series.setShowInLegend(true);
  }

  /** Returns how many pixels the labels and names need beside and below the frame. */
  int room() {
    return Math.max(LEAST_ROOM, (int) yNameGap() + Glyphs.TEXT.getSize());
  }

  /** Paints the panel, ground included, with its upper left corner at the origin. */
  void paint(Graphics2D g, int width, int height) {
    paint(g, width, height, room());
  }

  /**
   * The same with more room than it needs, so that frames side by side end alike: XChart leaves as
   * much beside an axis as below it.
   */
  void paint(Graphics2D g, int width, int height, int room) {
    chart.getStyler().setAxisTickPadding(room);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    int above = title.isEmpty() ? 0 : TITLE_ROOM;
    g.translate(0, above);
    chart.paint(g, width, height - above);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(SOFT);
    double left = chart.getScreenXFromChart(x.low());
    double bottom = chart.getScreenYFromChart(y.low());
    for (Axis.Tick tick : x.ticks()) {
      Rectangle2D box = Glyphs.bounds(tick.label());
      double at = chart.getScreenXFromChart(tick.at());
      Glyphs.text(
          g, tick.label(), at - box.getCenterX(), bottom + GAP + Glyphs.TEXT.getSize() * 0.75);
    }
    for (Axis.Tick tick : y.ticks()) {
      Rectangle2D box = Glyphs.bounds(tick.label());
      double at = chart.getScreenYFromChart(tick.at());
      Glyphs.text(g, tick.label(), left - GAP - box.getMaxX(), at - box.getCenterY());
    }
    for (Note note : notes) {
      double end = chart.getScreenXFromChart(note.x()) - 5;
      double base = chart.getScreenYFromChart(note.y()) - 5;
      double start = end - Glyphs.bounds(note.text()).getMaxX();
      Glyphs.rimmed(g, note.text(), start, base, note.colour());
    }
    names(g);
    g.translate(0, -above);
  }

  private void names(Graphics2D g) {
    double left = chart.getScreenXFromChart(x.low());
    double right = chart.getScreenXFromChart(x.high());
    double bottom = chart.getScreenYFromChart(y.low());
    double top = chart.getScreenYFromChart(y.high());
    double middle = (left + right) / 2;
    g.setColor(INK);
    double nameY = bottom + GAP + BETWEEN + 2 * Glyphs.TEXT.getSize();
    Glyphs.centred(g, x.name(), Glyphs.TEXT, middle, nameY);
    Glyphs.upwards(g, y.name(), left - yNameGap(), (top + bottom) / 2);
    if (!title.isEmpty()) {
      Glyphs.centred(g, title, Glyphs.TITLE, middle, top - 16);
    }
  }

  /** From the frame to the baseline of the upright axis's name, past its widest label. */
  private double yNameGap() {
    double widest =
        y.ticks().stream()
            .mapToDouble(tick -> Glyphs.bounds(tick.label()).getMaxX())
            .max()
            .orElse(0);
    return GAP + widest + BETWEEN;
  }
}
