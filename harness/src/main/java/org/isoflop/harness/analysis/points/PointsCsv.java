package org.isoflop.harness.analysis.points;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;

/** Reads loss points out of any number of CSV files into one data set or several. */
final class PointsCsv {

  /** What stands for the file itself where a column to group by is asked for. */
  private static final String SOURCE = "source";

  /** The group of all rows where none are told apart. */
  private static final String ALL = "";

  private static final String EMPTY = "(empty)";

  /** Numbers by size, then text: 64, 128, 256, none. */
  private static final Comparator<String> GROUP_ORDER =
      Comparator.comparingDouble((String name) -> Cells.number(name).orElse(Double.MAX_VALUE))
          .thenComparing(Comparator.naturalOrder());

  private final List<Source> sources;
  private final PointsFormat format;
  private final List<CsvTable> tables = new ArrayList<>();
  private final Map<String, RunTally> tallies = new HashMap<>();

  private PointsCsv(List<Path> paths, PointsFormat format) {
    this.sources = Source.of(paths);
    this.format = format;
    Set<String> known = new HashSet<>();
    for (Column column : Column.values()) {
      known.add(column.key());
      known.addAll(column.alsoCalled());
      format
          .mapped(column)
          .ifPresent(
              header -> {
                known.add(header.toLowerCase(Locale.ROOT));
                known.addAll(List.of(header.toLowerCase(Locale.ROOT).split("\\+")));
              });
    }
    sources.forEach(source -> tables.add(CsvTable.open(source.file(), known)));
  }

  /** Returns what all rows come to. */
  static LossPoints read(List<Path> paths, PointsFormat format) {
    PointsCsv reading = new PointsCsv(paths, format);
    reading.read((header, source) -> row -> ALL);
    return reading.tallies.get(ALL).points(format);
  }

  /** Returns what the rows of every source come to, by its name, in the order of the sources. */
  static Map<String, LossPoints> readEach(List<Path> paths, PointsFormat format) {
    PointsCsv reading = new PointsCsv(paths, format);
    reading.read((header, source) -> row -> source);
    Map<String, LossPoints> each = new LinkedHashMap<>();
    reading.sources.forEach(
        source -> each.put(source.name(), reading.tallies.get(source.name()).points(format)));
    return each;
  }

  /** Returns what the rows of every value of a column come to. */
  static Map<String, LossPoints> readGroups(List<Path> paths, PointsFormat format, String groupBy) {
    PointsCsv reading = new PointsCsv(paths, format);
    reading.read((header, source) -> reading.group(groupBy.strip(), header, source));
    Map<String, LossPoints> groups = new LinkedHashMap<>();
    reading.tallies.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(GROUP_ORDER))
        .forEach(group -> groups.put(group.getKey(), group.getValue().points(format)));
    return groups;
  }

  /** Says which group the rows of a source belong to. */
  private interface Grouping {
    Function<List<String>, String> of(CsvHeader header, String source);
  }

  private void read(Grouping grouping) {
    for (int i = 0; i < tables.size(); i++) {
      CsvTable table = tables.get(i);
      CsvHeader header = new CsvHeader(table, format, this::stands);
      String name = sources.get(i).name();
      RunReader reader = new RunReader(table, header, format, tables.size() > 1 ? name + ": " : "");
      Function<List<String>, String> group = grouping.of(header, name);
      int usable = count(RunTally::usable);
      int leftOut = count(RunTally::leftOut);
      table.forEach(
          (row, line) ->
              reader.read(
                  row, line, tallies.computeIfAbsent(group.apply(row), key -> new RunTally())));
      if (count(RunTally::usable) == usable) {
        Set<String> statuses = new TreeSet<>();
        tallies.values().forEach(tally -> statuses.addAll(tally.statuses().keySet()));
        throw BadInputException.of(
            "%s: no finished loss point below the header (rows left out for their status or loss:"
                + " %d); wanted at least one row%s",
            table.file(),
            count(RunTally::leftOut) - leftOut,
            statuses.isEmpty()
                ? ""
                : "; found the status "
                    + statuses.stream().limit(5).collect(Collectors.joining(", "))
                    + ", --done WORD says which means done");
      }
    }
  }

  private int count(ToIntFunction<RunTally> count) {
    return tallies.values().stream().mapToInt(count).sum();
  }

  private boolean stands(String header) {
    return tables.stream().anyMatch(table -> table.has(header));
  }

  private Function<List<String>, String> group(String groupBy, CsvHeader header, String source) {
    if (groupBy.equalsIgnoreCase(SOURCE) && !stands(SOURCE)) {
      return row -> source;
    }
    int index = header.indexOfGroup(groupBy);
    return row -> row.get(index).isEmpty() ? EMPTY : row.get(index);
  }
}
