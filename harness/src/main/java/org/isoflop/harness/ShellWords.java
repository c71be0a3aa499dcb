package org.isoflop.harness;

import java.util.List;
import java.util.stream.Collectors;

/** Words as a shell reads them. */
public final class ShellWords {

  private ShellWords() {}

  /** Returns a word, in quotes where a shell would take it for anything else. */
  public static String quoted(Object word) {
    String text = word.toString();
    return text.matches("[\\w./:=,+@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Returns a command line. */
  public static String line(List<?> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }
}
