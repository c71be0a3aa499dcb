package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.function.Consumer;

/** Paints pixels, in the colours for white. */
final class PixelCanvas implements Canvas {

  private final Graphics2D g;
  private final double width;
  private final double height;

  /** Takes what paints from the canvas's upper left corner, and the canvas's pixels. */
  PixelCanvas(Graphics2D g, double width, double height) {
    this.g = g;
    this.width = width;
    this.height = height;
  }

  @Override
  public void layer(String names, Ink ink, Consumer<Canvas> drawing) {
    if (!names.equals(NARROW)) {
      g.setColor(new Color(ink.light()));
      drawing.accept(this);
    }
  }

  @Override
  public void line(double[] xs, double[] ys, Pen pen, String tip) {
    g.setStroke(
        new BasicStroke(
            (float) pen.width(),
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            1f,
            pen.dashed() ? Pen.DASHES : null,
            0f));
    g.draw(path(xs, ys));
  }

  @Override
  public void area(double[] xs, double[] ys, double opacity) {
    Color colour = g.getColor();
    g.setColor(
        new Color((colour.getRGB() & 0xffffff) | ((int) Math.round(255 * opacity) << 24), true));
    g.fill(path(xs, ys));
    g.setColor(colour);
  }

  private Path2D path(double[] xs, double[] ys) {
    Path2D.Double path = new Path2D.Double();
    boolean broken = true;
    for (int i = 0; i < xs.length; i++) {
      if (Double.isNaN(ys[i])) {
        broken = true;
      } else if (broken) {
        path.moveTo(xs[i] * width, ys[i] * height);
        broken = false;
      } else {
        path.lineTo(xs[i] * width, ys[i] * height);
      }
    }
    return path;
  }

  @Override
  public void mark(Symbol symbol, double x, double y, String tip) {
    if (symbol == Symbol.SPOT) {
      return;
    }
    Shape shape = symbol.at(x * width, y * height);
    Color colour = g.getColor();
    Color ground = new Color(Ink.GROUND.light());
    g.setColor(symbol.filled() ? colour : ground);
    g.fill(shape);
    g.setStroke(new BasicStroke((float) Symbol.RIM));
    g.setColor(symbol.filled() ? ground : colour);
    g.draw(shape);
    g.setColor(colour);
  }

  @Override
  public void text(
      String text, TextStyle type, Anchor anchor, double x, double y, double right, double below) {
    int style = type == TextStyle.TITLE ? Font.BOLD : Font.PLAIN;
    Font font = new Font(Font.SANS_SERIF, style, type.size());
    double wide = font.getStringBounds(text, g.getFontRenderContext()).getWidth();
    double left =
        x * width
            + right
            - switch (anchor) {
              case START -> 0;
              case MIDDLE -> wide / 2;
              case END -> wide;
            };
    Shape outline =
        font.createGlyphVector(g.getFontRenderContext(), text)
            .getOutline((float) left, (float) (y * height + below));
    if (type == TextStyle.NOTE) {
      Color colour = g.getColor();
      g.setColor(new Color(Ink.GROUND.light()));
      g.setStroke(new BasicStroke(3, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(outline);
      g.setColor(colour);
    }
    g.fill(outline);
  }
}
