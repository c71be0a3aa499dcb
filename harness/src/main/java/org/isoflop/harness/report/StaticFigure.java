package org.isoflop.harness.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.isoflop.harness.AtomicFiles;

/** A figure for slides, papers and READMEs: painted once, written as SVG and as PNG. */
interface StaticFigure {

  /** Pixels of a PNG per unit of width and height, for sharp text on dense screens. */
  int PNG_SCALE = 2;

  /** Width in units of 1/96 inch. */
  int width();

  /** Height in units of 1/96 inch. */
  int height();

  /** Paints the whole figure, ground included; needs no display. */
  void paint(Graphics2D g);

  /**
   * Writes {@code <name>.svg} and {@code <name>.png}.
   *
   * @throws UncheckedIOException if they cannot be written, or this machine's Java cannot draw text
   */
  default void write(Path folder, String name) {
    try {
      AtomicFiles.write(folder.resolve(name + ".svg"), this::writeSvg);
      AtomicFiles.write(folder.resolve(name + ".png"), this::writePng);
    } catch (LinkageError | InternalError e) {
      // Thrown where a compute node has neither fonts nor what draws them.
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new UncheckedIOException(
          "the figures cannot be drawn: Java finds no fonts here, or not what draws them ("
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

  private void writeSvg(OutputStream out) throws IOException {
    VectorGraphics2D g = new VectorGraphics2D();
    paint(g);
    PageSize size = new PageSize(0, 0, width(), height());
    new SVGProcessor().getDocument(g.getCommands(), size).writeTo(out);
  }

  private void writePng(OutputStream out) throws IOException {
    BufferedImage image =
        new BufferedImage(width() * PNG_SCALE, height() * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.scale(PNG_SCALE, PNG_SCALE);
    paint(g);
    g.dispose();
    if (!ImageIO.write(image, "png", out)) {
      throw new IOException("this Java has no PNG writer");
    }
  }
}
