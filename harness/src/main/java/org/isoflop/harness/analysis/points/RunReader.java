package org.isoflop.harness.analysis.points;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;

/** Makes runs of the rows of one file, and refuses with line and column what cannot be one. */
final class RunReader {

  private static final Set<Column> PARTS =
      EnumSet.of(
          Column.PARAMS_EMBEDDING,
          Column.PARAMS_ATTENTION,
          Column.PARAMS_MLP,
          Column.PARAMS_NORM,
          Column.PARAMS_HEAD);

  private static final Set<Column> DEPARTURES =
      EnumSet.of(Column.LEARNING_RATE_DEPARTURE, Column.BATCH_DEPARTURE);

  /**
   * What a sweep's points say they were trained with, and how far that is from their cell's own.
   */
  private static final Map<String, Column> DEPARTURE_OF =
      Map.of(
          "learning_rate", Column.LEARNING_RATE_DEPARTURE,
          "batch_tokens", Column.BATCH_DEPARTURE);

  /** A quotient of two rounded numbers is equal to another only up to rounding. */
  private static final int SETTING_DIGITS = 9;

  private static final Set<Column> LOSSES = EnumSet.of(Column.LOSS, Column.BITS_PER_BYTE);

  private final CsvTable table;
  private final CsvHeader header;
  private final PointsFormat format;
  private final Convention convention;
  private final String lineagePrefix;
  private final Set<Column> needed = EnumSet.of(Column.PARAMS, Column.TOKENS, Column.LOSS);

  /**
   * Prepares to read a file.
   *
   * @param lineagePrefix what makes a lineage of this file another than that of the next
   */
  RunReader(CsvTable table, CsvHeader header, PointsFormat format, String lineagePrefix) {
    this.table = table;
    this.header = header;
    this.format = format;
    this.convention = format.convention();
    this.lineagePrefix = lineagePrefix;
    needed.addAll(convention.columns());
    if (needed.contains(Column.FLOPS) && header.has(Column.FLOPS_PER_TOKEN)) {
      needed.remove(Column.FLOPS); // a row may have either
    }
    needed.removeAll(header.filled(convention));
    if (format.mostDeparture().isPresent()) {
      checkKnows(DEPARTURES, "--departure");
    }
    if (format.minSteps().isPresent()) {
      needed.add(Column.STEPS);
      checkKnows(Set.of(Column.STEPS), "--min-steps");
    }
  }

  private void checkKnows(Set<Column> columns, String flag) {
    for (Column column : columns) {
      if (!header.has(column)) {
        throw BadInputException.of(
            "%s, line 1: %s needs the column %s, which a sweep's points have",
            table.file(), flag, column.key());
      }
    }
  }

  /** Adds one row to what was read, or to what was left out. */
  void read(List<String> row, long line, RunTally into) {
    Optional<String> status = text(row, Column.STATUS);
    RunStatus end = status.map(word -> RunStatus.of(word, format.done())).orElse(RunStatus.DONE);
    if (end != RunStatus.DONE) {
      into.leaveOutUnfinished(status.get());
      if (end == RunStatus.SUPERSEDED || end == RunStatus.DIVERGED) {
        tried(row, into);
      } else if (end == RunStatus.VERIFICATION) {
        into.addSeparate(run(row, line, into));
      } else if (end == RunStatus.CONTROL) {
        into.addControl(
            isLost(row) ? run(row, line, Double.POSITIVE_INFINITY, into) : run(row, line, into));
      }
      return;
    }
    if (format.mostDeparture().isPresent()
        && departure(row, line) > format.mostDeparture().getAsDouble()) {
      into.leaveOutDeparted();
      return;
    }
    if (format.minSteps().isPresent()
        && number(row, line, Column.STEPS).orElseThrow() < format.minSteps().getAsLong()) {
      into.leaveOutShort();
      return;
    }
    if (status.isEmpty() && isLost(row)) {
      into.leaveOutDiverged(place(line));
      return;
    }
    Run run = run(row, line, into);
    if (!run.allows(convention)) {
      throw BadInputException.of(
          "%s: params or FLOPs cannot be counted as %s; wanted %s",
          place(line), convention.words(), wanted());
    }
    into.add(run);
    if (text(row, Column.SHORT_OF_STEPS).filter(part -> !part.isBlank()).isPresent()) {
      into.shortOfSteps(cell(row, Column.STEPS));
    }
  }

  /** Returns whether a run has no loss, as one that diverged. */
  private boolean isLost(List<String> row) {
    return header.indices(Column.LOSS).stream()
        .map(row::get)
        .anyMatch(cell -> Cells.isMissing(cell) || Cells.isInfinite(cell));
  }

  /** Tells what setting a cell was also trained with; nothing else of the row is of use. */
  private void tried(List<String> row, RunTally into) {
    OptionalDouble budget = cell(row, Column.BUDGET_FLOPS);
    OptionalDouble params = cell(row, Column.PARAMS);
    if (budget.isPresent() && params.isPresent()) {
      into.tried(
          new Settings.Tried(
              OptionalDouble.of(budget.getAsDouble() * unit(Column.BUDGET_FLOPS)),
              params.getAsDouble() * unit(Column.PARAMS),
              setting(row)));
    }
  }

  /** Returns the number in a column of one cell, if it is one. */
  private OptionalDouble cell(List<String> row, Column column) {
    return header.has(column) && header.indices(column).size() == 1
        ? Cells.number(row.get(header.indices(column).get(0)))
        : OptionalDouble.empty();
  }

  /** Returns how far learning rate and batch are from the cell's own, as a factor of at least 1. */
  private double departure(List<String> row, long line) {
    double most = 1;
    for (Column column : DEPARTURES) {
      double ratio = number(row, line, column).orElse(1);
      most = Math.max(most, Math.max(ratio, 1 / ratio));
    }
    return most;
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

  private Run run(List<String> row, long line, RunTally into) {
    return run(row, line, nats(number(row, line, Column.LOSS).orElseThrow(), line), into);
  }

  private Run run(List<String> row, long line, double nats, RunTally into) {
    ParamsByPart parts =
        new ParamsByPart(
            number(row, line, Column.PARAMS_EMBEDDING),
            number(row, line, Column.PARAMS_ATTENTION),
            number(row, line, Column.PARAMS_MLP),
            number(row, line, Column.PARAMS_NORM),
            number(row, line, Column.PARAMS_HEAD));
    OptionalDouble budget = number(row, line, Column.BUDGET_FLOPS);
    OptionalDouble known = number(row, line, Column.PARAMS);
    OptionalDouble seen = number(row, line, Column.TOKENS);
    OptionalDouble counted =
        switch (convention.params()) {
          case TOTAL -> known;
          case NON_EMBEDDING -> parts.nonEmbedding();
          case MATMUL -> parts.matmul();
        };
    double tokens = seen.isPresent() ? seen.getAsDouble() : bySixNd(budget, counted, line);
    double params = known.isPresent() ? known.getAsDouble() : bySixNd(budget, seen, line);
    if (seen.isEmpty()) {
      into.fill("tokens are C/6N");
    } else if (known.isEmpty()) {
      into.fill("params are C/6D");
    }
    OptionalDouble flops = number(row, line, Column.FLOPS);
    OptionalDouble flopsPerToken = number(row, line, Column.FLOPS_PER_TOKEN);
    if (flops.isEmpty() && flopsPerToken.isPresent()) {
      double product = flopsPerToken.getAsDouble() * tokens;
      flops = Double.isFinite(product) ? OptionalDouble.of(product) : flops;
    }
    OptionalDouble bits = number(row, line, Column.BITS_PER_BYTE);
    boolean inBits = format.lossUnit().filter(u -> u == LossUnit.BITS_PER_BYTE).isPresent();
    return new Run(
        place(line),
        budget,
        params,
        tokens,
        new DataSeen(number(row, line, Column.UNIQUE_TOKENS), number(row, line, Column.EPOCHS)),
        nats,
        bits.isEmpty() && inBits ? number(row, line, Column.LOSS) : bits,
        flops,
        parts,
        lineagePrefix + text(row, Column.LINEAGE).filter(l -> !l.isEmpty()).orElse("line " + line),
        text(row, Column.SEED).filter(seed -> !seed.isEmpty()),
        setting(row),
        text(row, Column.PRECISION).filter(precision -> !precision.isEmpty()),
        true);
  }

  /** Returns C / 6N or C / 6D. */
  private double bySixNd(OptionalDouble budget, OptionalDouble other, long line) {
    if (budget.isPresent() && other.isPresent() && other.getAsDouble() > 0) {
      double quotient = budget.getAsDouble() / 6 / other.getAsDouble();
      if (quotient > 0 && Double.isFinite(quotient)) {
        return quotient;
      }
    }
    throw BadInputException.of(
        "%s: --flops 6nd needs two of budget_flops, params and tokens; the row has fewer",
        place(line));
  }

  private double nats(double loss, long line) {
    double nats = format.lossUnit().orElse(LossUnit.NATS).nats(loss);
    if (!(nats > 0)) {
      throw BadInputException.of(
          "%s: found a perplexity of %s, wanted one above 1", place(line), loss);
    }
    if (format.lossUnit().isEmpty() && nats > LossUnit.MOST_NATS) {
      throw BadInputException.of(
          "%s, column %s: found %s, more nats per token than guessing costs with any vocabulary; if"
              + " losses are perplexities give --loss-unit perplexity, if the run diverged a status"
              + " that says so, else --loss-unit nats",
          place(line), header.name(header.indices(Column.LOSS).get(0)), loss);
    }
    return nats;
  }

  private Map<String, String> setting(List<String> row) {
    Map<String, String> setting = new LinkedHashMap<>();
    header
        .settings()
        .forEach(
            (name, index) -> {
              String cell = row.get(index);
              OptionalDouble number = Cells.number(cell); // 1e-3 and .001 are one setting
              setting.put(
                  name,
                  number.isPresent()
                      ? Double.toString(own(number.getAsDouble(), name, row))
                      : cell);
            });
    return setting;
  }

  /** Returns a rate or batch as its cell has it: what a trunk made of it is no other setting. */
  private double own(double trained, String name, List<String> row) {
    Column departure = DEPARTURE_OF.get(name);
    if (departure == null || !header.has(departure)) {
      return trained;
    }
    double own = trained / cell(row, departure).orElse(1);
    return Double.isFinite(own)
        ? new BigDecimal(own).round(new MathContext(SETTING_DIGITS)).doubleValue()
        : trained;
  }

  private Place place(long line) {
    return new Place(table.file().toString(), line);
  }

  private Optional<String> text(List<String> row, Column column) {
    return header.has(column)
        ? Optional.of(
            header.indices(column).stream().map(row::get).collect(Collectors.joining("+")))
        : Optional.empty();
  }

  /** Returns the number in a column, which may be missing there only where no one needs it. */
  private OptionalDouble number(List<String> row, long line, Column column) {
    if (!header.has(column)) {
      return OptionalDouble.empty();
    }
    // Epochs that are counted whole are 0 before the first is over.
    boolean zero = PARTS.contains(column) || column == Column.EPOCHS;
    double least = zero ? 0 : Double.MIN_VALUE;
    double sum = 0;
    for (int index : header.indices(column)) {
      String cell = row.get(index);
      OptionalDouble number = Cells.number(cell);
      if (number.isEmpty() && !LOSSES.contains(column)) {
        number = Quantities.parseCount(cell);
      }
      if (number.isEmpty() && Cells.isMissing(cell) && !needed.contains(column)) {
        return OptionalDouble.empty();
      }
      if (number.isEmpty() || number.getAsDouble() < least) {
        throw BadInputException.of(
            "%s, column %s: found %s, wanted a %s%s",
            place(line),
            header.name(index),
            Cells.shown(cell),
            least == 0 ? "finite number, 0 or more" : "positive finite number",
            hint(cell, column));
      }
      sum += number.getAsDouble();
    }
    double scaled = sum * unit(column);
    if (!Double.isFinite(scaled)) {
      throw BadInputException.of(
          "%s, column %s: found %s, too large for its unit", place(line), column.key(), sum);
    }
    return OptionalDouble.of(scaled);
  }

  private double unit(Column column) {
    Column counted =
        PARTS.contains(column)
            ? Column.PARAMS
            : column == Column.UNIQUE_TOKENS ? Column.TOKENS : column;
    double usual = format.units().getOrDefault(counted, 1.0);
    return format.units().getOrDefault(column, usual);
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
