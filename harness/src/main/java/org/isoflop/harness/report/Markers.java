package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import org.knowm.xchart.style.markers.Marker;

/** The marks of the static figures; each takes the colour of its series. */
final class Markers {

  private static final BasicStroke THIN = new BasicStroke(1.5f);

  /** A loss point of a budget with an optimum. */
  static final Marker POINT = of((x, y, size) -> new Ellipse2D.Double(x - 4, y - 4, 8, 8), true);

  /** A loss point of a budget without one. */
  static final Marker HOLLOW =
      of((x, y, size) -> new Ellipse2D.Double(x - 3.5, y - 3.5, 7, 7), false);

  /** A loss point that the fits leave out. */
  static final Marker LEFT_OUT = of((x, y, size) -> cross(x, y, 4.5), false);

  /** An optimum. */
  static final Marker OPTIMUM = of((x, y, size) -> diamond(x, y, 8), true);

  /** An optimum where many stand close together. */
  static final Marker SMALL_OPTIMUM = of((x, y, size) -> diamond(x, y, 6), true);

  /** An end of an upright error bar. */
  static final Marker FLAT_CAP = of((x, y, size) -> new Line2D.Double(x - 6, y, x + 6, y), false);

  /** An end of an error bar that lies. */
  static final Marker UPRIGHT_CAP =
      of((x, y, size) -> new Line2D.Double(x, y - 5, x, y + 5), false);

  private Markers() {}

  private interface Outline {
    Shape at(double x, double y, int size);
  }

  /** A filled shape gets a rim of the ground's colour, a hollow one is filled with it. */
  private static Marker of(Outline outline, boolean filled) {
    return new Marker() {
      @Override
      public void paint(Graphics2D g, double x, double y, int size) {
        Shape shape = outline.at(x, y, size);
        Color colour = g.getColor();
        g.setStroke(THIN);
        g.setColor(filled ? colour : Color.WHITE);
        g.fill(shape);
        g.setColor(filled ? Color.WHITE : colour);
        g.draw(shape);
        g.setColor(colour);
      }
    };
  }

  private static Shape cross(double x, double y, double radius) {
    Path2D.Double path = new Path2D.Double();
    path.moveTo(x - radius, y - radius);
    path.lineTo(x + radius, y + radius);
    path.moveTo(x - radius, y + radius);
    path.lineTo(x + radius, y - radius);
    return path;
  }

  private static Shape diamond(double x, double y, double radius) {
    Path2D.Double path = new Path2D.Double();
    path.moveTo(x, y - radius);
    path.lineTo(x + radius, y);
    path.lineTo(x, y + radius);
    path.lineTo(x - radius, y);
    path.closePath();
    return path;
  }
}
