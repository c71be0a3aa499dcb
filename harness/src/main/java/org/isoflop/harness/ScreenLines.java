package org.isoflop.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Lines for a terminal of 100 columns: sentences broken between words, and tables. */
public final class ScreenLines {

  /** Columns of a line at most. */
  public static final int WIDTH = 100;

  /** A space that is not within brackets, so that no interval is torn apart. */
  private static final Pattern SPACE = Pattern.compile(" (?![^\\[]*\\])");

  private final List<String> lines = new ArrayList<>();

  /** Adds a line as it is. */
  public void add(String line) {
    lines.add(line);
  }

  /** Adds a line, formatted as {@link Quantities#format} does. */
  public void add(String format, Object... arguments) {
    lines.add(Quantities.format(format, arguments));
  }

  /** Adds lines as they are. */
  public void addAll(Collection<String> others) {
    lines.addAll(others);
  }

  /** Adds other lines after an empty one, where there are some. */
  public void section(ScreenLines others) {
    if (!others.lines.isEmpty()) {
      lines.add("");
      lines.addAll(others.lines);
    }
  }

  /**
   * Adds a sentence after its label, broken between words; later lines are indented by two more
   * than the label.
   *
   * @param label the start of the first line; one of blanks only is an indent
   */
  public void wrap(String label, String sentence) {
    String stripped = label.stripLeading();
    String indent = " ".repeat(label.length() - stripped.length() + 2);
    fill(stripped.isEmpty() ? label : label + " ", indent, sentence);
  }

  /** The same, formatted as {@link Quantities#format} does. */
  public void wrap(String label, String format, Object... arguments) {
    wrap(label, Quantities.format(format, arguments));
  }

  /**
   * Adds a sentence beside its label, broken between words; later lines begin under its first word,
   * or two further in under a label of blanks only.
   *
   * @param label with the blanks behind it
   */
  public void hang(String label, String sentence) {
    fill(label, " ".repeat(label.length() + (label.isBlank() ? 2 : 0)), sentence);
  }

  /** The same, formatted as {@link Quantities#format} does. */
  public void hang(String label, String format, Object... arguments) {
    hang(label, Quantities.format(format, arguments));
  }

  private void fill(String start, String indent, String sentence) {
    StringBuilder line = new StringBuilder(start);
    boolean begun = false;
    for (String word : SPACE.split(sentence, -1)) {
      if ((begun || !start.isBlank()) && line.length() + (begun ? 1 : 0) + word.length() > WIDTH) {
        add(line.toString().stripTrailing());
        line = new StringBuilder(indent);
        begun = false;
        start = "";
      }
      line.append(begun ? " " : "").append(word);
      begun = true;
    }
    add(line.toString().stripTrailing());
  }

  /** Returns the lines. */
  public List<String> all() {
    return List.copyOf(lines);
  }

  /** Returns the lines, each with its line feed. */
  public String text() {
    return String.join("\n", lines) + "\n";
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
