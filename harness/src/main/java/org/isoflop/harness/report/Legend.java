package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Canvas.TextStyle;

/**
 * What a figure draws how: on a page buttons that hide it, in a file lines beneath the plots.
 *
 * @param title may be empty
 * @param keys one for each layer that a reader may tell apart
 */
record Legend(String title, List<Swatch> keys) {

  /** From one entry to the next in a file, in pixels. */
  private static final int BETWEEN = 26;

  /**
   * An entry of a legend.
   *
   * @param layer what a reader hides with it
   * @param width of its sample in pixels
   * @param sample drawn on so many by {@link #HIGH} pixels
   */
  record Swatch(String layer, String label, Ink ink, int width, Consumer<Canvas> sample) {

    private static final int WIDE = 26;
    private static final int NARROW = 14;

    /** The height of a sample, and from it to its label, in pixels. */
    static final int HIGH = 16;

    static final int GAP = 7;

    private static final double[] ACROSS = {0, 1};
    private static final double[] MIDDLE = {0.5, 0.5};

    /** Explains a line. */
    static Swatch line(String layer, String label, Ink ink, Pen pen) {
      return new Swatch(layer, label, ink, WIDE, c -> c.line(ACROSS, MIDDLE, pen, ""));
    }

    /** Explains a line in its band. */
    static Swatch band(String layer, String label, Ink ink) {
      return new Swatch(
          layer,
          label,
          ink,
          WIDE,
          c -> {
            c.area(new double[] {0, 1, 1, 0}, new double[] {0, 0, 1, 1}, 0.22);
            c.line(ACROSS, MIDDLE, Pen.LINE, "");
          });
    }

    /** Explains a mark. */
    static Swatch mark(String layer, String label, Ink ink, Symbol symbol) {
      return new Swatch(layer, label, ink, NARROW, c -> c.mark(symbol, 0.5, 0.5, ""));
    }

    /** Explains an upright bar. */
    static Swatch upright(String layer, String label, Ink ink, Pen pen) {
      return new Swatch(layer, label, ink, NARROW, c -> c.line(MIDDLE, ACROSS, pen, ""));
    }

    void draw(Canvas canvas) {
      canvas.layer("", ink, sample);
    }

    private String button() {
      return ("<li><button type=\"button\" aria-pressed=\"true\" data-hides=\"%s\"><svg"
              + " class=\"drawing\" width=\"%d\" height=\"%d\" aria-hidden=\"true\">%s</svg>%s"
              + "</button></li>\n")
          .formatted(layer, width, HIGH, SvgCanvas.onPage(this::draw), Html.text(label));
    }

    /** Returns the pixels it takes in a file, with what parts it from the next. */
    double fullWidth() {
      return width + GAP + textWidth(label);
    }
  }

  /** Returns the legend as buttons. */
  String onPage() {
    return (title.isEmpty() ? "" : "<p class=\"legend-title\">" + Html.text(title) + "</p>\n")
        + "<ul class=\"legend\">\n"
        + keys.stream().map(Swatch::button).collect(Collectors.joining())
        + "</ul>";
  }

  /** Returns the pixels that the title takes in a file. */
  double titleWidth() {
    return title.isEmpty() ? 0 : textWidth(title);
  }

  /** Returns the keys in lines of so many pixels, of which the first has the title too. */
  List<List<Swatch>> lines(double width) {
    List<List<Swatch>> lines = new ArrayList<>(List.of(new ArrayList<>()));
    double left = width - titleWidth();
    for (Swatch key : keys) {
      if (left < key.fullWidth()) {
        lines.add(new ArrayList<>());
        left = width;
      }
      lines.get(lines.size() - 1).add(key);
      left -= key.fullWidth();
    }
    return lines;
  }

  /** A file is laid out without fonts, which a compute node may lack: this is near enough. */
  private static double textWidth(String text) {
    return 0.55 * TextStyle.NAME.size() * text.length() + BETWEEN;
  }
}
