package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;

/** A legend in centred lines, shared by the panels of a figure. */
final class LegendStrip {

  /** Width of a sample, its distance from its label, and that between entries, in pixels. */
  private static final int SAMPLE = 28;

  private static final int GAP = 8;
  private static final int BETWEEN = 34;
  private static final int LINE = 30;
  private static final int BELOW = 14;

  private LegendStrip() {}

  /** Paints a sample of what is explained, centred on a point. */
  interface Sample {
    /** Takes the middle of the sample; it may use {@code SAMPLE} pixels across. */
    void paint(Graphics2D g, double x, double y);
  }

  /** One entry. */
  record Entry(String label, Sample sample) {

    private double width() {
      return SAMPLE + GAP + Glyphs.bounds(label).getMaxX();
    }
  }

  /** Explains a line. */
  static Entry line(String label, Color colour, BasicStroke stroke) {
    return new Entry(
        label,
        (g, x, y) -> {
          g.setColor(colour);
          g.setStroke(stroke);
          g.draw(new Line2D.Double(x - 14, y, x + 14, y));
        });
  }

  /** Explains a line in its band. */
  static Entry band(String label, Color colour) {
    return new Entry(
        label,
        (g, x, y) -> {
          g.setColor(Ink.faint(colour, 0.22));
          g.fill(new Rectangle2D.Double(x - 14, y - 8, 28, 16));
          g.setColor(colour);
          g.setStroke(Ink.LINE);
          g.draw(new Line2D.Double(x - 14, y, x + 14, y));
        });
  }

  /** Explains a mark. */
  static Entry mark(String label, Color colour, Marker marker) {
    return new Entry(
        label,
        (g, x, y) -> {
          g.setColor(colour);
          marker.paint(g, x, y, 0);
        });
  }

  /** Explains a mark with an upright interval. */
  static Entry interval(String label, Color bar, Color colour, Marker marker) {
    return new Entry(
        label,
        (g, x, y) -> {
          g.setColor(bar);
          g.setStroke(Ink.LINE);
          g.draw(new Line2D.Double(x, y - 11, x, y + 11));
          g.setColor(colour);
          marker.paint(g, x, y, 0);
        });
  }

  /** Returns the pixels that the entries need below a figure of that width. */
  static int height(List<Entry> entries, int width) {
    return lines(entries, width).size() * LINE + (entries.isEmpty() ? 0 : BELOW);
  }

  /** Paints the entries around the middle of a figure's width, from {@code top} down. */
  static void paint(Graphics2D g, List<Entry> entries, int width, double top) {
    double y = top + LINE / 2.0;
    for (List<Entry> line : lines(entries, width)) {
      double x = (width - total(line)) / 2;
      for (Entry entry : line) {
        entry.sample().paint(g, x + SAMPLE / 2.0, y);
        g.setColor(Panel.INK);
        Glyphs.text(g, entry.label(), x + SAMPLE + GAP, y + Glyphs.TEXT.getSize() * 0.36);
        x += entry.width() + BETWEEN;
      }
      y += LINE;
    }
  }

  private static double total(List<Entry> line) {
    return line.stream().mapToDouble(Entry::width).sum() + BETWEEN * (line.size() - 1);
  }

  private static List<List<Entry>> lines(List<Entry> entries, int width) {
    List<List<Entry>> lines = new ArrayList<>();
    for (Entry entry : entries) {
      List<Entry> last = lines.isEmpty() ? List.of() : lines.get(lines.size() - 1);
      if (last.isEmpty() || total(last) + BETWEEN + entry.width() > width - 2 * BETWEEN) {
        last = new ArrayList<>();
        lines.add(last);
      }
      last.add(entry);
    }
    return lines;
  }
}
