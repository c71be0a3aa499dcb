package org.isoflop.harness.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;

/** A legend in one centred line, shared by the panels of a figure. */
final class LegendStrip {

  /** Width of a sample, its distance from its label, and that between entries, in pixels. */
  private static final int SAMPLE = 28;

  private static final int GAP = 8;
  private static final int BETWEEN = 34;

  private LegendStrip() {}

  /** Paints a sample of what is explained, centred on a point. */
  interface Sample {
    /** Takes the middle of the sample; it may use {@code SAMPLE} pixels across. */
    void paint(Graphics2D g, double x, double y);
  }

  /** One entry. */
  record Entry(String label, Sample sample) {}

  /** Paints the entries around the middle of a figure's width, centred on {@code y}. */
  static void paint(Graphics2D g, List<Entry> entries, int width, double y) {
    double total = -BETWEEN;
    for (Entry entry : entries) {
      total += SAMPLE + GAP + Panel.bounds(entry.label()).getMaxX() + BETWEEN;
    }
    double x = (width - total) / 2;
    for (Entry entry : entries) {
      Color before = g.getColor();
      entry.sample().paint(g, x + SAMPLE / 2.0, y);
      g.setColor(Panel.INK);
      Panel.text(g, entry.label(), x + SAMPLE + GAP, y + Panel.TEXT.getSize() * 0.36);
      g.setColor(before);
      x += SAMPLE + GAP + Panel.bounds(entry.label()).getMaxX() + BETWEEN;
    }
  }
}
