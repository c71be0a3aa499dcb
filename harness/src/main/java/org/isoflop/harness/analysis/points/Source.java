package org.isoflop.harness.analysis.points;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.isoflop.harness.BadInputException;

/**
 * One file of points and what to call it beside others.
 *
 * @param name of the folder, or of the file without its endings; the whole path where another
 *     source has the same name
 * @param file the CSV itself
 */
record Source(String name, Path file) {

  private static final String WANTED = "a CSV of loss points with the columns " + CsvHeader.WANTED;

  /**
   * Finds the files of all sources.
   *
   * @throws BadInputException if one is not there or is named twice
   */
  static List<Source> of(List<Path> paths) {
    List<String> names = paths.stream().map(Source::shortName).toList();
    List<Source> sources = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      Path file = file(path);
      if (!seen.add(real(file))) {
        throw BadInputException.of("%s: is named twice, which would count its runs twice", path);
      }
      boolean alone = names.indexOf(names.get(i)) == names.lastIndexOf(names.get(i));
      sources.add(new Source(alone ? names.get(i) : path.toString(), file));
    }
    return sources;
  }

  private static Path file(Path path) {
    if (!Files.exists(path)) {
      throw BadInputException.of(
          "%s: there is no such file or folder; give the folder of a sweep, or %s", path, WANTED);
    }
    if (!Files.isDirectory(path)) {
      return path;
    }
    Path file = path.resolve("points.csv");
    if (!Files.exists(file)) {
      throw BadInputException.of(
          "%s: the folder has no points.csv; give the folder of a sweep with finished horizons,"
              + " or %s",
          path, WANTED);
    }
    return file;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", file, e.getClass().getSimpleName());
    }
  }

  static String shortName(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    if (last == null || Files.isDirectory(path)) {
      return String.valueOf(last == null ? path : last);
    }
    String name = last.toString().replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
    return name.isEmpty() ? last.toString() : name;
  }
}
