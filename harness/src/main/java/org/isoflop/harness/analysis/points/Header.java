package org.isoflop.harness.analysis.points;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.points.Run.Place;

/** Finds out which cell of a row is which column, and refuses a header that lacks one needed. */
final class Header {

  /** What a file needs where the user says nothing. */
  static final String WANTED = "budget_flops,params,tokens,loss";

  private static final Set<Column> ALWAYS = EnumSet.of(Column.PARAMS, Column.TOKENS, Column.LOSS);

  private static final String OF_SWEEPS = ", which %s needs and a sweep's points have";
  private static final int LONGEST_SHOWN = 200;

  private final Table table;
  private final PointsFormat format;
  private final List<String> names;
  private final Map<Column, List<Integer>> indices = new EnumMap<>(Column.class);
  private final Map<String, Integer> settings = new LinkedHashMap<>();
  private final Set<Column> needed = EnumSet.noneOf(Column.class);

  /**
   * Matches headers to columns, in any case.
   *
   * @param anywhere whether any file that is read has a header; where another has the one the user
   *     gave a column, that column may go by its own name in this file
   * @throws BadInputException if a column is needed and not there, or there twice
   */
  Header(Table table, PointsFormat format, Predicate<String> anywhere) {
    this.table = table;
    this.format = format;
    this.names =
        table.header().cells().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    for (Column column : Column.values()) {
      indices.put(column, find(column, anywhere));
    }
    for (String setting : format.settings()) {
      if (!anywhere.test(setting)) {
        throw lacks(setting, ", which --setting names");
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
    requireNeeded();
  }

  private List<Integer> find(Column column, Predicate<String> anywhere) {
    List<String> headers = format.mapped(column).map(h -> summands(h, anywhere)).orElse(List.of());
    for (String header : headers) {
      if (!anywhere.test(header)) {
        throw lacks(header, ", which --column says is " + column.key());
      }
    }
    boolean mapped = !headers.isEmpty() && headers.stream().allMatch(table::has);
    return (mapped ? headers.stream() : column.called().filter(table::has).limit(1))
        .map(header -> index(header).getAsInt())
        .toList();
  }

  /** Returns the headers of {@code a+b}, unless one is called that. */
  private static List<String> summands(String header, Predicate<String> anywhere) {
    return anywhere.test(header) ? List.of(header) : PointsFormat.summands(header).toList();
  }

  /** Refuses the lack of a column that the convention or a flag needs. */
  private void requireNeeded() {
    Convention convention = format.convention();
    Map<Column, String> whys = new EnumMap<>(Column.class);
    convention
        .columns()
        .forEach(column -> whys.put(column, ", which '" + convention.flag(column) + "' needs"));
    ALWAYS.forEach(column -> whys.put(column, ""));
    whys.computeIfPresent(Column.BUDGET_FLOPS, (column, why) -> "");
    whys.keySet().removeAll(filled());
    if (has(Column.FLOPS_PER_TOKEN)) {
      whys.remove(Column.FLOPS); // a row may have either
    }
    format
        .minSteps()
        .ifPresent(least -> whys.put(Column.STEPS, OF_SWEEPS.formatted("--min-steps")));
    needed.addAll(whys.keySet());
    if (format.mostDeparture().isPresent()) {
      whys.put(Column.LEARNING_RATE_DEPARTURE, OF_SWEEPS.formatted("--departure"));
      whys.put(Column.BATCH_DEPARTURE, OF_SWEEPS.formatted("--departure"));
    }
    whys.forEach(
        (column, why) -> {
          if (!has(column)) {
            throw lacks(column.key(), why);
          }
        });
  }

  /** Returns the columns that 6ND gives where they are not there. */
  private Set<Column> filled() {
    Convention convention = format.convention();
    boolean rule = convention.flops() == Convention.Flops.SIX_ND && has(Column.BUDGET_FLOPS);
    if (rule && has(Column.PARAMS)) {
      return Set.of(Column.TOKENS);
    }
    boolean total = convention.params() == Convention.Params.TOTAL;
    return rule && total && has(Column.TOKENS) ? Set.of(Column.PARAMS) : Set.of();
  }

  private BadInputException lacks(String header, String why) {
    boolean bySixNd =
        header.equals(Column.BUDGET_FLOPS.key())
            || (format.convention().flops() != Convention.Flops.SIX_ND
                && has(Column.BUDGET_FLOPS)
                && (header.equals(Column.TOKENS.key()) || header.equals(Column.PARAMS.key())));
    return BadInputException.of(
        "%s: the header lacks the column %s%s; found '%s', wanted at least %s (--column NAME=HEADER"
            + " tells what is called otherwise%s)",
        place(),
        header,
        why,
        shortened(found(), LONGEST_SHOWN),
        Stream.concat(format.convention().columns().stream(), ALWAYS.stream())
            .map(Column::key)
            .collect(Collectors.joining(",")),
        bySixNd ? ", --flops 6nd does with two of budget, params and tokens" : "");
  }

  private String found() {
    return String.join(table.delimiter(), table.header().cells());
  }

  private Place place() {
    return table.header().place();
  }

  /** Returns so many characters of a text at most, and then an ellipsis. */
  static String shortened(String text, int most) {
    return text.length() > most ? text.substring(0, most) + "…" : text;
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
          "%s, column %s: the header has this column twice; keep one", place(), header);
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
                    "%s: the header lacks the column %s, by which to group; found '%s'",
                    place(), header, found()));
  }

  /** Returns whether the file has a column. */
  boolean has(Column column) {
    return !indices(column).isEmpty();
  }

  /** Returns whether a row has to have a number in a column. */
  boolean needs(Column column) {
    return needed.contains(column);
  }

  /**
   * Returns where a column stands; several places where it is a sum, none where it is not there.
   */
  List<Integer> indices(Column column) {
    return indices.getOrDefault(column, List.of());
  }

  /** Returns the columns of what was tuned, and where they stand. */
  Map<String, Integer> settings() {
    return settings;
  }

  /** Returns a header as the file has it. */
  String name(int index) {
    return table.header().cells().get(index);
  }
}
