package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a row stands, for messages.
 *
 * @param file as the user named it, or its folder
 * @param line from 1
 */
public record Place(String file, long line) {

  private static final int MOST_STRETCHES = 12;

  @Override
  public String toString() {
    return file + ", line " + line;
  }

  /** Returns places in few words, such as {@code a.csv, lines 2-6, 9; b.csv, line 3}. */
  static String list(List<Place> places) {
    Map<String, List<Long>> lines = new LinkedHashMap<>();
    places.forEach(p -> lines.computeIfAbsent(p.file, any -> new ArrayList<>()).add(p.line));
    List<String> files = new ArrayList<>();
    lines.forEach(
        (file, all) ->
            files.add(file + (all.size() == 1 ? ", line " : ", lines ") + stretches(all)));
    return String.join("; ", files);
  }

  /** Returns ascending lines as stretches of neighbours. */
  private static String stretches(List<Long> lines) {
    List<String> stretches = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= lines.size(); i++) {
      if (i == lines.size() || lines.get(i) > lines.get(i - 1) + 1) {
        String end = i - start > 1 ? "-" + lines.get(i - 1) : "";
        stretches.add(lines.get(start) + end);
        start = i;
      }
    }
    int shown = Math.min(stretches.size(), MOST_STRETCHES);
    return String.join(", ", stretches.subList(0, shown)) + (shown < stretches.size() ? ", …" : "");
  }
}
