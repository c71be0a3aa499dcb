package org.isoflop.harness.report;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.Locale;

/** The marks of the figures: a circle, or strokes through corners given in pixels. */
enum Symbol {
  /** A loss point of a budget with an optimum, or the middle of a local exponent. */
  POINT(true, 4),
  /** A loss point of a budget without one. */
  HOLLOW(false, 3.5),
  /** A validation loss on a training curve. */
  RING(false, 2.5),
  /** A loss point that the fits leave out. */
  LEFT_OUT(false, 0, new double[] {-4.5, -4.5, 4.5, 4.5}, new double[] {-4.5, 4.5, 4.5, -4.5}),
  /** An optimum. */
  OPTIMUM(true, 0, new double[] {0, -7.5, 7.5, 0, 0, 7.5, -7.5, 0, 0, -7.5}),
  /** An optimum where many stand close together. */
  SMALL_OPTIMUM(true, 0, new double[] {0, -5.5, 5.5, 0, 0, 5.5, -5.5, 0, 0, -5.5}),
  /** An end of an upright interval. */
  FLAT_CAP(false, 0, new double[] {-5, 0, 5, 0}),
  /** An end of an interval that lies. */
  UPRIGHT_CAP(false, 0, new double[] {0, -5, 0, 5}),
  /** A place on a line that says what stands there, seen only while it is pointed at. */
  SPOT(true, 4.5);

  /** Width of rims and strokes, in pixels. */
  static final double RIM = 1.5;

  private final boolean filled;
  private final double radius;
  private final double[][] strokes;

  Symbol(boolean filled, double radius, double[]... strokes) {
    this.filled = filled;
    this.radius = radius;
    this.strokes = strokes;
  }

  /** A filled one has a rim of the ground's colour, a hollow one is filled with it. */
  boolean filled() {
    return filled;
  }

  /** Returns the id of its definition in SVG. */
  String id() {
    return "mark-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns its definition in SVG, in the colour of what uses it.
   *
   * @param ground the colour of the ground, as CSS writes it
   */
  String definition(String ground) {
    StringBuilder shape = new StringBuilder();
    if (radius > 0) {
      shape.append("<circle r=\"").append(radius);
    } else {
      shape.append("<path d=\"");
      for (double[] stroke : strokes) {
        for (int i = 0; i < stroke.length; i += 2) {
          shape.append(i == 0 ? 'M' : 'L').append(stroke[i]).append(' ').append(stroke[i + 1]);
        }
      }
    }
    return "%s\" id=\"%s\" style=\"fill:%s;stroke:%s;stroke-width:%s\"/>\n"
        .formatted(
            shape, id(), filled ? "currentColor" : ground, filled ? ground : "currentColor", RIM);
  }

  /** Returns its outline around a place in pixels. */
  Shape at(double x, double y) {
    if (radius > 0) {
      return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    Path2D.Double path = new Path2D.Double();
    for (double[] stroke : strokes) {
      path.moveTo(x + stroke[0], y + stroke[1]);
      for (int i = 2; i < stroke.length; i += 2) {
        path.lineTo(x + stroke[i], y + stroke[i + 1]);
      }
    }
    return path;
  }
}
