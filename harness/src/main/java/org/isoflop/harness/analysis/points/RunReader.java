package org.isoflop.harness.analysis.points;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;

/** Makes runs of the rows of one file, and refuses with line and column what cannot be one. */
final class RunReader {

  /** What ends of runs that count are called, here and by trackers of experiments. */
  private static final Set<String> DONE = Set.of("done", "finished", "completed");

  private static final Set<Column> COUNTS =
      EnumSet.of(
          Column.PARAMS_EMBEDDING,
          Column.PARAMS_ATTENTION,
          Column.PARAMS_MLP,
          Column.PARAMS_NORM,
          Column.PARAMS_HEAD);

  private final CsvTable table;
  private final CsvHeader header;
  private final Convention convention;
  private final String lineagePrefix;
  private final Set<Column> needed = EnumSet.of(Column.PARAMS, Column.TOKENS, Column.LOSS);

  /**
   * Prepares to read a file.
   *
   * @param lineagePrefix what makes a lineage of this file another than that of the next
   */
  RunReader(CsvTable table, CsvHeader header, Convention convention, String lineagePrefix) {
    this.table = table;
    this.header = header;
    this.convention = convention;
    this.lineagePrefix = lineagePrefix;
    needed.addAll(convention.columns());
    if (needed.contains(Column.FLOPS) && header.has(Column.FLOPS_PER_TOKEN)) {
      needed.remove(Column.FLOPS); // a row may have either
    }
  }

  /** Adds one row to what was read, or to what was left out. */
  void read(CSVRecord row, long line, RunTally into) {
    Optional<String> status = text(row, Column.STATUS);
    if (status.isPresent() && DONE.stream().noneMatch(status.get()::equalsIgnoreCase)) {
      into.leaveOutUnfinished(status.get());
      return;
    }
    String loss = row.get(header.index(Column.LOSS));
    if (status.isEmpty() && (Cells.isMissing(loss) || Cells.isInfinite(loss))) {
      into.leaveOutDiverged(place(line));
      return;
    }
    Run run = run(row, line);
    if (!run.allows(convention)) {
      throw BadInputException.of(
          "%s: params or FLOPs cannot be counted as %s; wanted %s",
          place(line), convention.words(), wanted());
    }
    into.add(run);
  }

  private String wanted() {
    String flops =
        switch (convention.flops()) {
          case BUDGET -> "";
          case SIX_ND -> ", and a finite 6ND";
          case EXACT -> ", and flops or flops_per_token";
        };
    return switch (convention.params()) {
          case TOTAL -> "params";
          case NON_EMBEDDING -> "params_attention, params_mlp and params_norm with a sum above 0";
          case MATMUL ->
              "params_attention, params_mlp and params_head with a sum above 0 (for a head of 0,"
                  + " which is tied, params_embedding too)";
        }
        + flops;
  }

  private Run run(CSVRecord row, long line) {
    double tokens = number(row, line, Column.TOKENS).orElseThrow();
    OptionalDouble flops = number(row, line, Column.FLOPS);
    OptionalDouble flopsPerToken = number(row, line, Column.FLOPS_PER_TOKEN);
    if (flops.isEmpty() && flopsPerToken.isPresent()) {
      double product = flopsPerToken.getAsDouble() * tokens;
      flops = Double.isFinite(product) ? OptionalDouble.of(product) : flops;
    }
    return new Run(
        place(line),
        number(row, line, Column.BUDGET_FLOPS),
        number(row, line, Column.PARAMS).orElseThrow(),
        tokens,
        number(row, line, Column.LOSS).orElseThrow(),
        number(row, line, Column.BITS_PER_BYTE),
        flops,
        new ParamsByPart(
            number(row, line, Column.PARAMS_EMBEDDING),
            number(row, line, Column.PARAMS_ATTENTION),
            number(row, line, Column.PARAMS_MLP),
            number(row, line, Column.PARAMS_NORM),
            number(row, line, Column.PARAMS_HEAD)),
        lineagePrefix + text(row, Column.LINEAGE).filter(l -> !l.isEmpty()).orElse("line " + line),
        text(row, Column.SEED).filter(seed -> !seed.isEmpty()),
        setting(row),
        true);
  }

  private Map<String, String> setting(CSVRecord row) {
    Map<String, String> setting = new LinkedHashMap<>();
    header
        .settings()
        .forEach(
            (name, index) -> {
              String cell = row.get(index);
              OptionalDouble number = Cells.number(cell); // 1e-3 and .001 are one setting
              setting.put(name, number.isPresent() ? Double.toString(number.getAsDouble()) : cell);
            });
    return setting;
  }

  private Place place(long line) {
    return new Place(table.file().toString(), line);
  }

  private Optional<String> text(CSVRecord row, Column column) {
    return header.has(column) ? Optional.of(row.get(header.index(column))) : Optional.empty();
  }

  /** Returns the number in a column, which may be missing there only where no one needs it. */
  private OptionalDouble number(CSVRecord row, long line, Column column) {
    if (!header.has(column)) {
      return OptionalDouble.empty();
    }
    String cell = row.get(header.index(column));
    OptionalDouble number = Cells.number(cell);
    double least = COUNTS.contains(column) ? 0 : Double.MIN_VALUE;
    if (number.isPresent() && number.getAsDouble() >= least) {
      return number;
    }
    if (Cells.isMissing(cell) && !needed.contains(column)) {
      return OptionalDouble.empty();
    }
    throw BadInputException.of(
        "%s, column %s: found %s, wanted %s%s",
        place(line),
        header.name(column),
        Cells.shown(cell),
        least == 0 ? "a finite number, 0 or more" : "a positive finite number",
        hint(cell, column));
  }

  private static String hint(String cell, Column column) {
    if (cell.indexOf(',') >= 0) {
      return "; numbers take a decimal point, and nothing between thousands";
    }
    return column == Column.LOSS && (Cells.isMissing(cell) || Cells.isInfinite(cell))
        ? "; a run without one is left out where its status says other than done"
        : "";
  }
}
