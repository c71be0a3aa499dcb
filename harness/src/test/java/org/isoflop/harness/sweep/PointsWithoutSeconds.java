package org.isoflop.harness.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The bytes of a {@code points.csv} but for its seconds, which no two runs share. */
public final class PointsWithoutSeconds {

  private static final int SECONDS = PointsFile.COLUMNS.indexOf("seconds");
  private static final Pattern CELL =
      Pattern.compile("^((?:[^,]*,){" + SECONDS + "})[^,]*(,.*)$", Pattern.DOTALL);

  private PointsWithoutSeconds() {}

  /** Returns the lines of such a file. */
  public static List<String> of(Path points) throws IOException {
    String[] lines = Files.readString(points).split("(?<=\n)");
    return List.of(lines).stream().map(line -> CELL.matcher(line).replaceFirst("$1$2")).toList();
  }
}
