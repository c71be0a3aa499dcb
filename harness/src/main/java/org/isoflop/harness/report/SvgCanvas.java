package org.isoflop.harness.report;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * Writes SVG. On a page it is as wide as the page lets it be and takes its colours from there; in a
 * file it has one size and the colours for white.
 */
final class SvgCanvas implements Canvas {

  /** Steps from edge to edge of a drawing that fills a page: finer than any pixel. */
  private static final double STEPS = 10_000;

  private final StringBuilder out = new StringBuilder();
  private final boolean page;
  private final double width;
  private final double height;
  private boolean inLines;

  private SvgCanvas(boolean page, double width, double height) {
    this.page = page;
    this.width = width;
    this.height = height;
  }

  /** Returns a drawing for a page, to stand in an SVG element that fills its room. */
  static String onPage(Consumer<Canvas> drawing) {
    return drawn(new SvgCanvas(true, STEPS, STEPS), drawing);
  }

  /** Returns a drawing of so many pixels, for a file. */
  static String inFile(double width, double height, Consumer<Canvas> drawing) {
    return drawn(new SvgCanvas(false, width, height), drawing);
  }

  private static String drawn(SvgCanvas canvas, Consumer<Canvas> drawing) {
    drawing.accept(canvas);
    canvas.endLines();
    return canvas.out.toString();
  }

  @Override
  public void layer(String names, Ink ink, Consumer<Canvas> drawing) {
    if (!page && names.equals(NARROW)) {
      return;
    }
    endLines();
    out.append("<g");
    if (!names.isEmpty()) {
      out.append(" class=\"").append(names).append('"');
    }
    out.append(" style=\"color:").append(page ? "var(--" + ink.name() + ")" : ink.hex());
    out.append("\">");
    drawing.accept(this);
    endLines();
    out.append("</g>\n");
  }

  @Override
  public void line(double[] xs, double[] ys, Pen pen, String tip) {
    path(xs, ys);
    out.append(" stroke-width=\"").append(plain(pen.width()));
    if (pen.dashed()) {
      out.append("\" stroke-dasharray=\"").append((int) Pen.DASHES[0]).append(' ');
      out.append((int) Pen.DASHES[1]);
    }
    if (!tip.isEmpty()) {
      out.append("\" data-tip=\"").append(Html.text(tip));
    }
    out.append("\"/>");
  }

  @Override
  public void area(double[] xs, double[] ys, double opacity) {
    path(xs, ys);
    out.append(" class=\"area\" opacity=\"").append(opacity).append("\"/>");
  }

  /** Starts a path, in steps from place to place, which are short. */
  private void path(double[] xs, double[] ys) {
    if (page && !inLines) {
      // Stretches to the room there is; the style sheet keeps pens from being stretched with it.
      out.append("<svg viewBox=\"0 0 10000 10000\" preserveAspectRatio=\"none\">");
      inLines = true;
    }
    out.append("<path d=\"");
    long lastX = 0;
    long lastY = 0;
    boolean broken = true;
    for (int i = 0; i < xs.length; i++) {
      if (Double.isNaN(ys[i])) {
        broken = true;
        continue;
      }
      long x = steps(xs[i] * width);
      long y = steps(ys[i] * height);
      if (broken) {
        out.append('M').append(number(x)).append(' ').append(number(y)).append('l');
      } else {
        out.append(number(x - lastX)).append(' ').append(number(y - lastY)).append(' ');
      }
      broken = false;
      lastX = x;
      lastY = y;
    }
    out.append('"');
  }

  private void endLines() {
    if (inLines) {
      out.append("</svg>");
      inLines = false;
    }
  }

  @Override
  public void mark(Symbol symbol, double x, double y, String tip) {
    endLines();
    out.append("<use href=\"#").append(symbol.id()).append('"');
    if (symbol == Symbol.SPOT) {
      out.append(" opacity=\"0\"");
    }
    place(x, y);
    if (tip.isEmpty()) {
      out.append("/>");
    } else {
      out.append("><title>").append(Html.text(tip)).append("</title></use>");
    }
  }

  @Override
  public void text(
      String text, TextStyle type, Anchor anchor, double x, double y, double right, double below) {
    endLines();
    out.append("<text class=\"").append(type.name().toLowerCase(Locale.ROOT)).append('"');
    place(x, y);
    out.append(" dx=\"").append(plain(right)).append("\" dy=\"").append(plain(below));
    out.append("\" text-anchor=\"").append(anchor.name().toLowerCase(Locale.ROOT));
    out.append("\">").append(Html.text(text)).append("</text>");
  }

  private void place(double x, double y) {
    out.append(" x=\"").append(page ? percent(x) : number(steps(x * width)));
    out.append("\" y=\"").append(page ? percent(y) : number(steps(y * height))).append('"');
  }

  private static String percent(double share) {
    return plain(Math.rint(share * STEPS) / 100) + "%";
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** A page's steps are whole, a file's are tenths of a pixel. */
  private long steps(double place) {
    return Math.round(page ? place : 10 * place);
  }

  private String number(long steps) {
    return plain(page ? steps : steps / 10.0);
  }
}
