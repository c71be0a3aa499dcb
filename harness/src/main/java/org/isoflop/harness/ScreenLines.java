package org.isoflop.harness;

import java.util.List;
import java.util.regex.Pattern;

/** Sentences and tables as lines for a terminal of 100 columns. */
public final class ScreenLines {

  /** Columns of a line at most. */
  public static final int WIDTH = 100;

  /** A space that is not within brackets, so that no interval is torn apart. */
  private static final Pattern SPACE = Pattern.compile(" (?![^\\[]*\\])");

  private ScreenLines() {}

  /**
   * Adds a sentence after its label, broken between words; later lines are indented by two more
   * than the label.
   *
   * @param label the start of the first line; one of blanks only is an indent
   */
  public static void wrap(String label, String sentence, List<String> lines) {
    String stripped = label.stripLeading();
    String indent = " ".repeat(label.length() - stripped.length());
    StringBuilder line = new StringBuilder(label);
    boolean begun = !stripped.isEmpty();
    for (String word : SPACE.split(sentence, -1)) {
      if (begun && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(indent).append("  ");
        begun = false;
      }
      if (begun) {
        line.append(' ');
      }
      line.append(word);
      begun = true;
    }
    lines.add(line.toString().stripTrailing());
  }

  /**
   * Returns a table with columns as wide as their cells, two spaces before each.
   *
   * @param alignment one letter a column: {@code l} left, {@code r} right
   * @param rows at most that many cells each
   */
  public static List<String> table(String alignment, List<List<String>> rows) {
    int[] widths = new int[alignment.length()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(alignment, widths, row)).toList();
  }

  private static String line(String alignment, int[] widths, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      line.append("  ");
      line.append(alignment.charAt(i) == 'r' ? padding + row.get(i) : row.get(i) + padding);
    }
    return line.toString().stripTrailing();
  }
}
