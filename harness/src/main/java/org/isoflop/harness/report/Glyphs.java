package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;

/**
 * Text of the static figures, filled as outlines as XChart does: an SVG then looks the same
 * whatever fonts its viewer has.
 */
final class Glyphs {

  static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);

  private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);
  private static final BasicStroke RIM =
      new BasicStroke(4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

  private Glyphs() {}

  /** Where the ink of a text falls, its left end of the baseline at the origin. */
  static Rectangle2D bounds(String text) {
    return bounds(text, TEXT);
  }

  /** Writes in the colour set, from the left end of a baseline. */
  static void text(Graphics2D g, String text, double x, double y) {
    g.fill(outline(text, TEXT, AffineTransform.getTranslateInstance(x, y)));
  }

  /** Writes around a place on a baseline. */
  static void centred(Graphics2D g, String text, Font font, double x, double y) {
    double left = x - bounds(text, font).getCenterX();
    g.fill(outline(text, font, AffineTransform.getTranslateInstance(left, y)));
  }

  /** Writes upwards, around a place on an upright baseline. */
  static void upwards(Graphics2D g, String text, double x, double y) {
    AffineTransform turned = AffineTransform.getTranslateInstance(x, y);
    turned.rotate(-Math.PI / 2);
    turned.translate(-bounds(text).getCenterX(), 0);
    g.fill(outline(text, TEXT, turned));
  }

  /** Writes on a rim of the ground's colour, to be read over lines. */
  static void rimmed(Graphics2D g, String text, double x, double y, Color colour) {
    Shape outline = outline(text, TEXT, AffineTransform.getTranslateInstance(x, y));
    g.setStroke(RIM);
    g.setColor(Color.WHITE);
    g.draw(outline);
    g.setColor(colour);
    g.fill(outline);
  }

  private static Rectangle2D bounds(String text, Font font) {
    return new TextLayout(text, font, EXACT).getBounds();
  }

  private static Shape outline(String text, Font font, AffineTransform place) {
    return new TextLayout(text, font, EXACT).getOutline(place);
  }
}
