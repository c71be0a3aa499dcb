package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;

/**
 * The colours and pens that the static figures share, so that a line through the optima or the
 * parametric law looks the same in each; the page has the same colours in {@code report.css}.
 */
final class Ink {

  /** The line through the optima. */
  static final Color FIT = new Color(0xb4532a);

  /** Sliding windows of optima. */
  static final Color WINDOW = new Color(0x2b6cb0);

  /** The parametric law. */
  static final Color LAW = new Color(0x7a3fa6);

  /** What lies behind: measured ranges, contours. */
  static final Color PALE = new Color(0xe4e7ea);

  static final BasicStroke LINE = new BasicStroke(2f);
  static final BasicStroke INTERVAL = new BasicStroke(1.5f);
  static final BasicStroke THIN = new BasicStroke(1.2f);
  static final BasicStroke BAR = flat(3.5f);
  static final BasicStroke BROAD_BAR = flat(6f);
  static final BasicStroke MEASURED = flat(10f);
  static final BasicStroke DASHED = dashed(2f);
  static final BasicStroke THIN_DASHED = dashed(1.4f);

  private Ink() {}

  /** Returns a colour thin enough to lie over others. */
  static Color faint(Color colour, double opacity) {
    return new Color(
        colour.getRed(), colour.getGreen(), colour.getBlue(), (int) Math.round(255 * opacity));
  }

  private static BasicStroke flat(float width) {
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);
  }

  private static BasicStroke dashed(float width) {
    return new BasicStroke(
        width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {6f, 5f}, 0f);
  }
}
