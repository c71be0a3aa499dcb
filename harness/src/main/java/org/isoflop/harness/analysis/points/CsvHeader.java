package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;

/** Finds out which cell of a row is which column, and refuses a header that lacks one needed. */
final class CsvHeader {

  private static final List<Column> ALWAYS = List.of(Column.PARAMS, Column.TOKENS, Column.LOSS);

  /** What a file needs where the user says nothing. */
  static final String WANTED = "budget_flops,params,tokens,loss";

  private static final int LONGEST_SHOWN = 200;

  private final CsvTable table;
  private final List<String> names;
  private final Map<Column, List<Integer>> indices = new EnumMap<>(Column.class);
  private final Map<String, Integer> settings = new LinkedHashMap<>();

  /**
   * Matches headers to columns, in any case.
   *
   * @param anywhere whether any file that is read has a header; where another has the one the user
   *     gave a column, that column may go by its own name in this file
   */
  CsvHeader(CsvTable table, PointsFormat format, Predicate<String> anywhere) {
    this.table = table;
    this.names = table.header().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    for (Column column : Column.values()) {
      List<String> headers =
          format.mapped(column).map(h -> summands(h, anywhere)).orElse(List.of());
      for (String header : headers) {
        if (!anywhere.test(header)) {
          throw lacks(header, ", which --column says is " + column.key(), format);
        }
      }
      List<Integer> found = new ArrayList<>();
      if (!headers.isEmpty() && headers.stream().allMatch(table::has)) {
        headers.forEach(header -> index(header).ifPresent(found::add));
      } else {
        Stream.concat(Stream.of(column.key()), column.alsoCalled().stream())
            .flatMapToInt(name -> index(name).stream())
            .limit(1)
            .forEach(found::add);
      }
      if (!found.isEmpty()) {
        indices.put(column, found);
      }
    }
    for (String setting : format.settings()) {
      if (!anywhere.test(setting)) {
        throw lacks(setting, ", which --setting names", format);
      }
      index(setting).ifPresent(i -> settings.put(names.get(i), i));
    }
    for (int i = 0; i < names.size(); i++) {
      int at = i;
      if (Settings.isKnown(names.get(i))
          && indices.values().stream().noneMatch(all -> all.contains(at))) {
        settings.put(names.get(i), i);
      }
    }
    requireNeeded(format);
  }

  /** Returns the headers of {@code a+b}, unless one is called that. */
  private static List<String> summands(String header, Predicate<String> anywhere) {
    return anywhere.test(header)
        ? List.of(header)
        : Stream.of(header.split("\\+")).map(String::strip).filter(h -> !h.isEmpty()).toList();
  }

  private void requireNeeded(PointsFormat format) {
    List<Column> needed = new ArrayList<>(format.convention().columns());
    needed.addAll(ALWAYS);
    needed.removeAll(filled(format.convention()));
    for (Column column : needed) {
      boolean otherWill = column == Column.FLOPS && has(Column.FLOPS_PER_TOKEN);
      if (!has(column) && !otherWill) {
        String why =
            ALWAYS.contains(column)
                ? ""
                : ", which '" + format.convention().flag(column) + "' needs";
        throw lacks(column.key(), column == Column.BUDGET_FLOPS ? "" : why, format);
      }
    }
  }

  /** Returns the columns that 6ND gives where they are not there. */
  Set<Column> filled(Convention convention) {
    boolean rule = convention.flops() == Convention.Flops.SIX_ND && has(Column.BUDGET_FLOPS);
    if (rule && has(Column.PARAMS)) {
      return EnumSet.of(Column.TOKENS);
    }
    boolean total = convention.params() == Convention.Params.TOTAL;
    return rule && total && has(Column.TOKENS)
        ? EnumSet.of(Column.PARAMS)
        : EnumSet.noneOf(Column.class);
  }

  private BadInputException lacks(String header, String why, PointsFormat format) {
    List<String> wanted = new ArrayList<>();
    format.convention().columns().forEach(column -> wanted.add(column.key()));
    ALWAYS.forEach(column -> wanted.add(column.key()));
    String all = String.join(String.valueOf(table.delimiter()), table.header());
    return BadInputException.of(
        "%s, line %d: the header lacks the column %s%s; found '%s', wanted at least %s"
            + " (--column NAME=HEADER tells what is called otherwise%s)",
        table.file(),
        table.headerLine(),
        header,
        why,
        all.length() > LONGEST_SHOWN ? all.substring(0, LONGEST_SHOWN) + "…" : all,
        String.join(",", wanted),
        header.equals(Column.BUDGET_FLOPS.key())
                || (format.convention().flops() != Convention.Flops.SIX_ND
                    && has(Column.BUDGET_FLOPS)
                    && (header.equals(Column.TOKENS.key()) || header.equals(Column.PARAMS.key())))
            ? ", --flops 6nd does with two of budget, params and tokens"
            : "");
  }

  /**
   * Returns where a header stands.
   *
   * @throws BadInputException if it stands there twice
   */
  private OptionalInt index(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    int first = names.indexOf(name);
    if (first != names.lastIndexOf(name)) {
      throw BadInputException.of(
          "%s, line %d, column %s: the header has this column twice; keep one",
          table.file(), table.headerLine(), header);
    }
    return first < 0 ? OptionalInt.empty() : OptionalInt.of(first);
  }

  /**
   * Returns where the column to split by stands.
   *
   * @throws BadInputException if it is not there
   */
  int indexOfGroup(String header) {
    return index(header)
        .orElseThrow(
            () ->
                BadInputException.of(
                    "%s, line %d: the header lacks the column %s, by which to group; found '%s'",
                    table.file(),
                    table.headerLine(),
                    header,
                    String.join(String.valueOf(table.delimiter()), table.header())));
  }

  /** Returns whether the file has a column. */
  boolean has(Column column) {
    return indices.containsKey(column);
  }

  /** Returns where a column stands that is there; several places where it is a sum. */
  List<Integer> indices(Column column) {
    return indices.get(column);
  }

  /** Returns the columns of what was tuned, and where they stand. */
  Map<String, Integer> settings() {
    return settings;
  }

  /** Returns a header as the file has it. */
  String name(int index) {
    return table.header().get(index);
  }
}
