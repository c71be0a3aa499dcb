package org.isoflop.harness;

import java.util.List;
import java.util.regex.Pattern;

/** Sentences broken into lines for a terminal of 100 columns. */
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
}
