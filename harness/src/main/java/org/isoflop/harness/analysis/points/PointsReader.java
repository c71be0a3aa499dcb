package org.isoflop.harness.analysis.points;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.Table.Row;

/** Reads loss points out of any number of CSV files into one data set or several. */
final class PointsReader {

  private static final String WANTED = "a CSV of loss points with the columns " + Header.WANTED;

  /** What stands for the file itself where a column to group by is asked for. */
  private static final String SOURCE = "source";

  /** The group of all rows where none are told apart. */
  private static final String ALL = "";

  /** Numbers by size, then text: 64, 128, 256, none. */
  private static final Comparator<String> GROUP_ORDER =
      Comparator.comparingDouble(
              (String name) -> Quantities.parseNumber(name).orElse(Double.MAX_VALUE))
          .thenComparing(Comparator.naturalOrder());

  private final PointsFormat format;
  private final List<Source> sources = new ArrayList<>();

  /**
   * One table and what to call it beside others.
   *
   * @param name of the folder, or of the file without its endings; the whole path where another
   *     source has the same name
   */
  private record Source(String name, Path file, Table table) {}

  /** Says which group the rows of a source belong to. */
  private interface Grouping {
    Function<Row, String> of(Source source, Header header);
  }

  /** Reads all sources, and refuses one that is not there or is named twice. */
  PointsReader(List<Path> paths, PointsFormat format) {
    this.format = format;
    Set<String> known = format.knownHeaders();
    Set<Path> seen = new HashSet<>();
    Map<String, Long> names =
        paths.stream().collect(Collectors.groupingBy(PointsReader::nameOf, Collectors.counting()));
    for (Path path : paths) {
      Path file = file(path);
      if (!seen.add(real(file))) {
        throw BadInputException.of("%s: is named twice, which would count its runs twice", path);
      }
      String name = names.get(nameOf(path)) == 1 ? nameOf(path) : path.toString();
      sources.add(new Source(name, file, Table.read(file, known)));
    }
  }

  private static Path file(Path path) {
    if (!Files.exists(path)) {
      throw BadInputException.of(
          "%s: there is no such file or folder; give the folder of a sweep, or %s", path, WANTED);
    }
    Path file = Files.isDirectory(path) ? path.resolve("points.csv") : path;
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

  /** Returns what a source is called: a folder by its name, a file by its name without endings. */
  static String nameOf(Path source) {
    Path last = source.toAbsolutePath().normalize().getFileName();
    if (last == null || Files.isDirectory(source)) {
      return String.valueOf(last == null ? source : last);
    }
    String name = last.toString().replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
    return name.isEmpty() ? last.toString() : name;
  }

  /** Returns what all rows come to. */
  LossPoints read() {
    return read((source, header) -> row -> ALL).get(ALL);
  }

  /** Returns what the rows of every source come to, by its name, in the order of the sources. */
  Map<String, LossPoints> readEach() {
    return read((source, header) -> row -> source.name());
  }

  /** Returns what the rows of every value of a column come to. */
  Map<String, LossPoints> readGroups(String groupBy) {
    String column = groupBy.strip();
    Map<String, LossPoints> sorted = new TreeMap<>(GROUP_ORDER);
    boolean bySource = column.equalsIgnoreCase(SOURCE) && !stands(SOURCE);
    sorted.putAll(
        bySource ? readEach() : read((source, header) -> cell(header.indexOfGroup(column))));
    return sorted;
  }

  private static Function<Row, String> cell(int index) {
    return row -> RunTally.orEmpty(row.cells().get(index));
  }

  private Map<String, LossPoints> read(Grouping grouping) {
    Map<String, RunTally> groups = new LinkedHashMap<>();
    for (Source source : sources) {
      Header header = new Header(source.table(), format, this::stands);
      String lineagePrefix = sources.size() > 1 ? source.name() + ": " : "";
      Function<Row, String> group = grouping.of(source, header);
      List<Row> rows = source.table().rows();
      int used = 0;
      for (Row row : rows) {
        RunTally tally = groups.computeIfAbsent(group.apply(row), any -> new RunTally());
        used += new RunReader(header, format, lineagePrefix, row).read(tally) ? 1 : 0;
      }
      if (used == 0) {
        throw noPoint(source.file(), rows.size(), groups.values().stream().toList());
      }
    }
    Map<String, LossPoints> points = new LinkedHashMap<>();
    groups.forEach((name, tally) -> points.put(name, tally.points(format)));
    return points;
  }

  /** Returns whether any source has a header. */
  private boolean stands(String header) {
    return sources.stream().anyMatch(source -> source.table().has(header));
  }

  private static BadInputException noPoint(Path file, int leftOut, List<RunTally> groups) {
    Set<String> statuses = new TreeSet<>();
    groups.forEach(tally -> statuses.addAll(tally.statuses()));
    return BadInputException.of(
        "%s: no finished loss point below the header (rows left out for their status or loss:"
            + " %d); wanted at least one row%s",
        file,
        leftOut,
        statuses.isEmpty()
            ? ""
            : "; found the status "
                + statuses.stream().limit(5).collect(Collectors.joining(", "))
                + ", --done WORD says which means done");
  }
}
