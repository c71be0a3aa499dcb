package org.isoflop.harness.report;

import java.util.function.Consumer;

/**
 * What a figure is drawn on: SVG that fills a page, an SVG file, or pixels.
 *
 * <p>Places are shares of the canvas, from 0 at its left and upper edges to 1 at the others, so
 * that one drawing fits any width; sizes of marks and text are in pixels of 1/96 inch.
 */
interface Canvas {

  /** The layer of what only a wide page has room for, and of what stands there on a phone. */
  String WIDE = "wide";

  String NARROW = "narrow";

  /**
   * How a line is drawn.
   *
   * @param width in pixels
   * @param dashed rather than whole
   */
  record Pen(double width, boolean dashed) {

    static final Pen HAIR = new Pen(1, false);
    static final Pen FAINT = new Pen(0.6, false);
    static final Pen THIN = new Pen(1.2, false);
    static final Pen INTERVAL = new Pen(1.5, false);
    static final Pen LINE = new Pen(2, false);
    static final Pen BAR = new Pen(3.5, false);
    static final Pen BROAD_BAR = new Pen(6, false);
    static final Pen MEASURED = new Pen(9, false);
    static final Pen DASHED = new Pen(2, true);
    static final Pen THIN_DASHED = new Pen(1.4, true);

    /** Length of a dash and of the gap behind it, in pixels. */
    static final float[] DASHES = {6, 5};
  }

  /** How a text is set. */
  enum TextStyle {
    TITLE(15),
    NAME(13),
    LABEL(12),
    /** On a rim of the ground's colour, to be read over lines. */
    NOTE(11);

    private final int size;

    TextStyle(int size) {
      this.size = size;
    }

    /** Returns its size in pixels. */
    int size() {
      return size;
    }
  }

  /** Which part of a text stands at its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /**
   * Draws what belongs together in one colour.
   *
   * @param names under which a reader can hide it, apart by spaces; may be empty
   */
  void layer(String names, Ink ink, Consumer<Canvas> drawing);

  /**
   * Draws a line; a height that is not a number breaks it.
   *
   * @param tip what it is, lines of text in which {@code {x}} and {@code {y}} stand for the values
   *     where it is pointed at; may be empty
   */
  void line(double[] xs, double[] ys, Pen pen, String tip);

  /** Fills an outline. */
  void area(double[] xs, double[] ys, double opacity);

  /**
   * Draws a mark.
   *
   * @param tip what it is, lines of text; may be empty
   */
  void mark(Symbol symbol, double x, double y, String tip);

  /** Writes a text, so many pixels to the right and below of a place. */
  void text(
      String text, TextStyle type, Anchor anchor, double x, double y, double right, double below);
}
