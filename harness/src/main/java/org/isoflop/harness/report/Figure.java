package org.isoflop.harness.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.report.Canvas.Anchor;
import org.isoflop.harness.report.Canvas.TextStyle;
import org.isoflop.harness.report.Legend.Swatch;

/**
 * Plots with one legend: described once, and shown on a page, in an SVG file and as PNG.
 *
 * @param name of its files, and of its section on a page
 * @param heading of its section
 * @param alt what it shows, in plain text for who cannot see it
 * @param plots one, or several that stand side by side where there is room
 * @param height of each plot between its axes, in pixels
 * @param legend what is drawn how
 * @param caption what its marks mean, HTML
 */
record Figure(
    String name,
    String heading,
    String alt,
    List<Plot> plots,
    int height,
    Legend legend,
    String caption) {

  /** From the axis to where its name begins, in pixels; the style sheet leaves as much. */
  static final int TO_NAME = -46;

  /** Around a plot in a file, in pixels. */
  private static final int LEFT = 60;

  private static final int RIGHT = 18;
  private static final int ABOVE = 44;
  private static final int BELOW = 58;
  private static final int TITLE = 22;

  private static final int ALONE = 900;
  private static final int COLUMN = 540;

  /** From one line of the legend to the next. */
  private static final int LINE = 26;

  /** Pixels of a PNG per pixel of the figure, for sharp text on dense screens. */
  private static final int PNG_SCALE = 2;

  /** Returns the figure as a section of a page. */
  String section() {
    return Template.fill(
        "figure.html",
        Map.of(
            "id", name,
            "heading", heading,
            "legend", legend.onPage(),
            "plots", plots.stream().map(this::onPage).collect(Collectors.joining()),
            "caption", caption));
  }

  private String onPage(Plot plot) {
    String title = plot.title().isEmpty() ? "" : "<h3>" + Html.text(plot.title()) + "</h3>\n";
    return ("<div class=\"plot\">%s<svg class=\"drawing\" role=\"img\" tabindex=\"0\""
            + " aria-label=\"%s\" data-x=\"%s\" data-y=\"%s\" style=\"--height:%dpx\">\n%s</svg>"
            + "</div>\n")
        .formatted(
            title,
            Html.text(plot.title().isEmpty() ? alt : plot.title() + ". " + alt),
            ends(plot.x()),
            ends(plot.y()),
            height,
            SvgCanvas.onPage(plot::draw));
  }

  private static String ends(Axis axis) {
    return (axis.log() ? "log " : "linear ") + axis.low() + " " + axis.high();
  }

  /** Returns the marks that the figures of a page use. */
  static String marksOnPage() {
    return "<svg class=\"marks\" aria-hidden=\"true\"><defs>\n"
        + marks("var(--" + Ink.GROUND.name() + ")")
        + "</defs></svg>\n";
  }

  private static String marks(String ground) {
    return Stream.of(Symbol.values())
        .map(symbol -> symbol.definition(ground))
        .collect(Collectors.joining());
  }

  /**
   * Writes {@code <name>.svg} and {@code <name>.png}.
   *
   * @throws UncheckedIOException if they cannot be written, or this machine's Java cannot draw text
   */
  void write(Path folder) {
    AtomicFiles.writeText(folder.resolve(name + ".svg"), out -> out.write(svg()));
    try {
      AtomicFiles.write(folder.resolve(name + ".png"), this::writePng);
    } catch (LinkageError | InternalError e) {
      // Thrown where a compute node has neither fonts nor what draws them.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new UncheckedIOException(
          "the figures cannot be written as PNG: Java finds no fonts here, or not what draws them ("
              + cause
              + "); all else is written. Install fontconfig, harfbuzz and a font, or run 'isoflop"
              + " analyze' on another machine",
          new IOException(e));
    }
  }

  /** Removes {@code <name>.svg} and {@code <name>.png} where they are. */
  static void remove(Path folder, String name) {
    for (String end : List.of(".svg", ".png")) {
      Path file = folder.resolve(name + end);
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot remove " + file + ": " + e.getMessage(), e);
      }
    }
  }

  /** A part of a file, in pixels from the upper left. */
  private record Part(double x, double y, double width, double height, Consumer<Canvas> drawing) {}

  private int columns() {
    return plots.size() == 1 ? 1 : 2;
  }

  private int width() {
    return plots.size() == 1 ? ALONE : columns() * COLUMN;
  }

  /** Returns plots, titles and legend where they stand in a file. */
  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    int wide = width() / columns();
    for (int i = 0; i < plots.size(); i++) {
      Plot plot = plots.get(i);
      double x = i % columns() * wide;
      double y = i / columns() * rowHeight();
      double frame = wide - LEFT - RIGHT;
      parts.add(new Part(x + LEFT, y + titleRoom() + ABOVE, frame, height, plot::draw));
      parts.add(text(plot.title(), TextStyle.TITLE, x + LEFT + TO_NAME, y + TITLE));
    }
    double y = plotsHeight() + LINE / 2.0;
    double x = LEFT;
    parts.add(text(legend.title(), TextStyle.NAME, x, y + 5));
    x += legend.titleWidth();
    for (List<Swatch> line : legend.lines(width() - LEFT)) {
      for (Swatch key : line) {
        parts.add(new Part(x, y - Swatch.HIGH / 2.0, key.width(), Swatch.HIGH, key::draw));
        parts.add(text(key.label(), TextStyle.NAME, x + key.width() + Swatch.GAP, y + 5));
        x += key.fullWidth();
      }
      x = LEFT;
      y += LINE;
    }
    return parts;
  }

  private static Part text(String text, TextStyle type, double x, double y) {
    return new Part(
        x,
        y,
        1,
        1,
        canvas -> canvas.layer("", Ink.BLACK, c -> c.text(text, type, Anchor.START, 0, 0, 0, 0)));
  }

  private int titleRoom() {
    return plots.stream().allMatch(plot -> plot.title().isEmpty()) ? 0 : TITLE;
  }

  private int rowHeight() {
    return titleRoom() + ABOVE + height + BELOW;
  }

  private int plotsHeight() {
    return (plots.size() + columns() - 1) / columns() * rowHeight();
  }

  private int fullHeight() {
    return plotsHeight() + legend.lines(width() - LEFT).size() * LINE + LINE / 2;
  }

  private String svg() {
    StringBuilder svg =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" width=\"%1$d\""
                    + " height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\">\n<style>\n%3$s</style>\n"
                    + "<defs>\n%4$s</defs>\n"
                    + "<rect width=\"100%%\" height=\"100%%\" fill=\"%5$s\"/>\n",
                width(),
                fullHeight(),
                Template.resource("drawing.css").replace("var(--ground)", Ink.GROUND.hex()),
                marks(Ink.GROUND.hex()),
                Ink.GROUND.hex()));
    for (Part part : parts()) {
      svg.append("<g transform=\"translate(").append(part.x()).append(' ').append(part.y());
      svg.append(")\">\n");
      svg.append(SvgCanvas.inFile(part.width(), part.height(), part.drawing())).append("</g>\n");
    }
    return svg.append("</svg>\n").toString();
  }

  private void writePng(OutputStream out) throws IOException {
    if (!ImageIO.write(image(), "png", out)) {
      throw new IOException("this Java has no PNG writer");
    }
  }

  /** Paints the figure; needs no display, but fonts. */
  BufferedImage image() {
    BufferedImage image =
        new BufferedImage(
            width() * PNG_SCALE, fullHeight() * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D all = image.createGraphics();
    all.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    all.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    all.scale(PNG_SCALE, PNG_SCALE);
    all.setColor(new Color(Ink.GROUND.light()));
    all.fillRect(0, 0, width(), fullHeight());
    for (Part part : parts()) {
      Graphics2D g = (Graphics2D) all.create();
      g.translate(part.x(), part.y());
      part.drawing().accept(new PixelCanvas(g, part.width(), part.height()));
      g.dispose();
    }
    all.dispose();
    return image;
  }
}
