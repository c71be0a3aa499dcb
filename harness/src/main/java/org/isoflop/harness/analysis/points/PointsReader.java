package org.isoflop.harness.analysis.points;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;

/** Reads loss points out of any number of CSV files into one data set or several. */
final class PointsReader {

  private static final String WANTED = "a CSV of loss points with the columns " + Header.WANTED;

  /** What stands for the file itself where a column to group by is asked for. */
  private static final String SOURCE = "source";

  /** The group of all rows where none are told apart. */
  private static final String ALL = "";

  private static final String EMPTY = "(empty)";

  /** Numbers by size, then text: 64, 128, 256, none. */
  private static final Comparator<String> GROUP_ORDER =
      Comparator.comparingDouble(
              (String name) -> Quantities.parseNumber(name).orElse(Double.MAX_VALUE))
          .thenComparing(Comparator.naturalOrder());

  private final PointsFormat format;
  private final List<Source> sources = new ArrayList<>();
  private final Map<String, RunTally> groups = new LinkedHashMap<>();

  /**
   * One table and what to call it beside others.
   *
   * @param name of the folder, or of the file without its endings; the whole path where another
   *     source has the same name
   */
  private record Source(String name, Table table) {}

  /** Says which group the rows of a source belong to. */
  private interface Grouping {
    Function<List<String>, String> of(Source source, Header header);
  }

  /** Opens all sources, and refuses one that is not there or is named twice. */
  private PointsReader(List<Path> paths, PointsFormat format) {
    this.format = format;
    Set<String> known = new HashSet<>();
    for (Column column : Column.values()) {
      known.add(column.key());
      known.addAll(column.alsoCalled());
      format
          .mapped(column)
          .map(header -> header.toLowerCase(Locale.ROOT))
          .ifPresent(
              header -> {
                known.add(header);
                known.addAll(List.of(header.split("\\+")));
              });
    }
    Set<Path> seen = new HashSet<>();
    Map<String, Long> names =
        paths.stream().collect(Collectors.groupingBy(PointsReader::nameOf, Collectors.counting()));
    Map<Path, Path> files = new LinkedHashMap<>();
    for (Path path : paths) {
      Path file = file(path);
      if (!seen.add(real(file))) {
        throw BadInputException.of("%s: is named twice, which would count its runs twice", path);
      }
      files.put(path, file);
    }
    files.forEach(
        (path, file) -> {
          String name = names.get(nameOf(path)) == 1 ? nameOf(path) : path.toString();
          sources.add(new Source(name, Table.open(file, known)));
        });
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
  static LossPoints read(List<Path> paths, PointsFormat format) {
    return new PointsReader(paths, format).read((source, header) -> row -> ALL).get(ALL);
  }

  /** Returns what the rows of every source come to, by its name, in the order of the sources. */
  static Map<String, LossPoints> readEach(List<Path> paths, PointsFormat format) {
    return new PointsReader(paths, format).read((source, header) -> row -> source.name());
  }

  /** Returns what the rows of every value of a column come to. */
  static Map<String, LossPoints> readGroups(List<Path> paths, PointsFormat format, String groupBy) {
    PointsReader reader = new PointsReader(paths, format);
    Map<String, LossPoints> sorted = new TreeMap<>(GROUP_ORDER);
    sorted.putAll(reader.read((source, header) -> reader.groups(groupBy.strip(), source, header)));
    return sorted;
  }

  private Function<List<String>, String> groups(String column, Source source, Header header) {
    if (column.equalsIgnoreCase(SOURCE) && !stands(SOURCE)) {
      return row -> source.name();
    }
    int index = header.indexOfGroup(column);
    return row -> row.get(index).isEmpty() ? EMPTY : row.get(index);
  }

  private Map<String, LossPoints> read(Grouping grouping) {
    for (Source source : sources) {
      Header header = new Header(source.table(), format, this::stands);
      String lineagePrefix = sources.size() > 1 ? source.name() + ": " : "";
      RunReader reader = new RunReader(source.table(), header, format, lineagePrefix);
      Function<List<String>, String> group = grouping.of(source, header);
      int usable = count(RunTally::usable);
      int leftOut = count(RunTally::leftOut);
      source
          .table()
          .forEach(
              row ->
                  reader.read(
                      row, groups.computeIfAbsent(group.apply(row.cells()), g -> new RunTally())));
      if (count(RunTally::usable) == usable) {
        throw noPoint(source.table(), count(RunTally::leftOut) - leftOut);
      }
    }
    Map<String, LossPoints> points = new LinkedHashMap<>();
    groups.forEach((name, tally) -> points.put(name, tally.points(format)));
    return points;
  }

  private boolean stands(String header) {
    return sources.stream().anyMatch(source -> source.table().has(header));
  }

  private int count(ToIntFunction<RunTally> count) {
    return groups.values().stream().mapToInt(count).sum();
  }

  private BadInputException noPoint(Table table, int leftOut) {
    Set<String> statuses = new TreeSet<>();
    groups.values().forEach(tally -> statuses.addAll(tally.statuses()));
    return BadInputException.of(
        "%s: no finished loss point below the header (rows left out for their status or loss:"
            + " %d); wanted at least one row%s",
        table.file(),
        leftOut,
        statuses.isEmpty()
            ? ""
            : "; found the status "
                + statuses.stream().limit(5).collect(Collectors.joining(", "))
                + ", --done WORD says which means done");
  }
}
