package org.isoflop.harness.analysis.points;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.PointsFormat.LossUnit;
import org.isoflop.harness.analysis.points.Run.Place;
import org.isoflop.harness.analysis.points.Table.Row;

/** Makes runs of the rows of one file, and refuses with line and column what cannot be one. */
final class RunReader {

  /** How programs spell a number that is not there: none, pandas and C, R, SQL, Python. */
  private static final Pattern MISSING =
      Pattern.compile("|[+-]?(?:nan|na|n/a|null|none)", Pattern.CASE_INSENSITIVE);

  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);

  /** Losses stand as they are; counts may have a suffix, as in 8.3B. */
  private static final Set<Column> LOSSES = EnumSet.of(Column.LOSS, Column.BITS_PER_BYTE);

  /**
   * What a sweep's points say they were trained with, and how far that is from their cell's own.
   */
  private static final Map<String, Column> DEPARTURE_OF =
      Map.of(
          "learning_rate", Column.LEARNING_RATE_DEPARTURE,
          "batch_tokens", Column.BATCH_DEPARTURE);

  /** A quotient of two rounded numbers is equal to another only up to rounding. */
  private static final MathContext SETTING_DIGITS = new MathContext(9);

  private static final int LONGEST_SHOWN = 60;

  private final Table table;
  private final Header header;
  private final PointsFormat format;
  private final Convention convention;
  private final String lineagePrefix;

  /**
   * Prepares to read a file.
   *
   * @param lineagePrefix what makes a lineage of this file another than that of the next
   */
  RunReader(Table table, Header header, PointsFormat format, String lineagePrefix) {
    this.table = table;
    this.header = header;
    this.format = format;
    this.convention = format.convention();
    this.lineagePrefix = lineagePrefix;
  }

  /** Adds one row to what was read, or to what was left out. */
  void read(Row row, RunTally into) {
    Optional<String> word = text(row, Column.STATUS);
    RunStatus status = word.map(w -> RunStatus.of(w, format.done())).orElse(RunStatus.DONE);
    if (status != RunStatus.DONE) {
      into.leaveOutUnfinished(word.orElseThrow());
      switch (status) {
        case SUPERSEDED, DIVERGED -> tried(row, into);
        case VERIFICATION -> into.addSeparate(run(row, into));
        case CONTROL ->
            into.addControl(
                isLost(row) ? run(row, Double.POSITIVE_INFINITY, into) : run(row, into));
        default -> {}
      }
    } else if (departure(row) > format.mostDeparture().orElse(Double.POSITIVE_INFINITY)) {
      into.leaveOutDeparted();
    } else if (format.minSteps().isPresent()
        && number(row, Column.STEPS).orElseThrow() < format.minSteps().get()) {
      into.leaveOutShort();
    } else if (word.isEmpty() && isLost(row)) {
      into.leaveOutDiverged(place(row));
    } else {
      Run run = run(row, into);
      if (!run.allows(convention)) {
        throw BadInputException.of(
            "%s: params or FLOPs cannot be counted as %s; wanted %s",
            place(row), convention.words(), convention.wanted());
      }
      into.add(run);
      if (text(row, Column.SHORT_OF_STEPS).filter(part -> !part.isBlank()).isPresent()) {
        into.shortOfSteps(cell(row, Column.STEPS));
      }
    }
  }

  /** Returns whether a run has no loss, as one that diverged. */
  private boolean isLost(Row row) {
    return cells(row, Column.LOSS).anyMatch(RunReader::isLost);
  }

  private static boolean isLost(String cell) {
    return MISSING.matcher(cell).matches() || INFINITE.matcher(cell).matches();
  }

  /** Tells what setting a cell was also trained with; nothing else of the row is of use. */
  private void tried(Row row, RunTally into) {
    OptionalDouble budget = cell(row, Column.BUDGET_FLOPS);
    OptionalDouble params = cell(row, Column.PARAMS);
    if (budget.isPresent() && params.isPresent()) {
      Settings.Size size =
          new Settings.Size(
              OptionalDouble.of(budget.getAsDouble() * unit(Column.BUDGET_FLOPS)),
              params.getAsDouble() * unit(Column.PARAMS));
      into.tried(new Settings.Tried(size, setting(row)));
    }
  }

  /** Returns how far learning rate and batch are from the cell's own, as a factor of at least 1. */
  private double departure(Row row) {
    double most = 1;
    if (format.mostDeparture().isPresent()) {
      for (Column column : DEPARTURE_OF.values()) {
        double ratio = number(row, column).orElse(1);
        most = Math.max(most, Math.max(ratio, 1 / ratio));
      }
    }
    return most;
  }

  private Run run(Row row, RunTally into) {
    return run(row, nats(row, number(row, Column.LOSS).orElseThrow()), into);
  }

  private Run run(Row row, double nats, RunTally into) {
    Map<Column, Double> parts = new EnumMap<>(Column.class);
    Column.PARTS.forEach(part -> number(row, part).ifPresent(count -> parts.put(part, count)));
    OptionalDouble budget = number(row, Column.BUDGET_FLOPS);
    OptionalDouble known = number(row, Column.PARAMS);
    OptionalDouble seen = number(row, Column.TOKENS);
    OptionalDouble counted = convention.params().count(known, parts);
    double tokens = seen.isPresent() ? seen.getAsDouble() : bySixNd(row, budget, counted);
    double params = known.isPresent() ? known.getAsDouble() : bySixNd(row, budget, seen);
    if (seen.isEmpty()) {
      into.fill("tokens are C/6N");
    } else if (known.isEmpty()) {
      into.fill("params are C/6D");
    }
    OptionalDouble flops = number(row, Column.FLOPS);
    OptionalDouble flopsPerToken = number(row, Column.FLOPS_PER_TOKEN);
    if (flops.isEmpty() && flopsPerToken.isPresent()) {
      double product = flopsPerToken.getAsDouble() * tokens;
      flops = Double.isFinite(product) ? OptionalDouble.of(product) : flops;
    }
    OptionalDouble bits = number(row, Column.BITS_PER_BYTE);
    boolean inBits = format.lossUnit().filter(u -> u == LossUnit.BITS_PER_BYTE).isPresent();
    return new Run(
        place(row),
        budget,
        params,
        tokens,
        new DataSeen(number(row, Column.UNIQUE_TOKENS), number(row, Column.EPOCHS)),
        nats,
        bits.isEmpty() && inBits ? number(row, Column.LOSS) : bits,
        flops,
        Map.copyOf(parts),
        lineagePrefix + filled(row, Column.LINEAGE).orElse("line " + row.line()),
        filled(row, Column.SEED),
        setting(row),
        filled(row, Column.PRECISION),
        true);
  }

  /** Returns C / 6N or C / 6D. */
  private double bySixNd(Row row, OptionalDouble budget, OptionalDouble other) {
    if (budget.isPresent() && other.isPresent() && other.getAsDouble() > 0) {
      double quotient = budget.getAsDouble() / 6 / other.getAsDouble();
      if (quotient > 0 && Double.isFinite(quotient)) {
        return quotient;
      }
    }
    throw BadInputException.of(
        "%s: --flops 6nd needs two of budget_flops, params and tokens; the row has fewer",
        place(row));
  }

  private double nats(Row row, double loss) {
    double nats = format.lossUnit().orElse(LossUnit.NATS).nats(loss);
    if (!(nats > 0)) {
      throw BadInputException.of(
          "%s: found a perplexity of %s, wanted one above 1", place(row), loss);
    }
    if (format.lossUnit().isEmpty() && nats > LossUnit.MOST_NATS) {
      throw BadInputException.of(
          "%s, column %s: found %s, more nats per token than guessing costs with any vocabulary; if"
              + " losses are perplexities give --loss-unit perplexity, if the run diverged a status"
              + " that says so, else --loss-unit nats",
          place(row), header.name(header.indices(Column.LOSS).get(0)), loss);
    }
    return nats;
  }

  private Map<String, String> setting(Row row) {
    Map<String, String> setting = new LinkedHashMap<>();
    header
        .settings()
        .forEach(
            (name, index) -> {
              String cell = row.cells().get(index);
              OptionalDouble number = Quantities.parseNumber(cell); // 1e-3 and .001 are one setting
              setting.put(
                  name,
                  number.isPresent()
                      ? Double.toString(own(number.getAsDouble(), name, row))
                      : cell);
            });
    return setting;
  }

  /** Returns a rate or batch as its cell has it: what a trunk made of it is no other setting. */
  private double own(double trained, String name, Row row) {
    Column departure = DEPARTURE_OF.get(name);
    if (departure == null || !header.has(departure)) {
      return trained;
    }
    double own = trained / cell(row, departure).orElse(1);
    return Double.isFinite(own) ? new BigDecimal(own).round(SETTING_DIGITS).doubleValue() : trained;
  }

  private Place place(Row row) {
    return new Place(table.file().toString(), row.line());
  }

  private Stream<String> cells(Row row, Column column) {
    return header.indices(column).stream().map(row.cells()::get);
  }

  /** Returns what a column says, where it is there. */
  private Optional<String> text(Row row, Column column) {
    return header.has(column)
        ? Optional.of(cells(row, column).collect(Collectors.joining("+")))
        : Optional.empty();
  }

  private Optional<String> filled(Row row, Column column) {
    return text(row, column).filter(text -> !text.isEmpty());
  }

  /** Returns the number in a column of one cell, if it is one. */
  private OptionalDouble cell(Row row, Column column) {
    return header.indices(column).size() == 1
        ? Quantities.parseNumber(row.cells().get(header.indices(column).get(0)))
        : OptionalDouble.empty();
  }

  /** Returns the number in a column, which may be missing there only where no one needs it. */
  private OptionalDouble number(Row row, Column column) {
    if (!header.has(column)) {
      return OptionalDouble.empty();
    }
    // Epochs that are counted whole are 0 before the first is over.
    boolean zero = Column.PARTS.contains(column) || column == Column.EPOCHS;
    double least = zero ? 0 : Double.MIN_VALUE;
    double sum = 0;
    for (int index : header.indices(column)) {
      String cell = row.cells().get(index);
      OptionalDouble number = Quantities.parseNumber(cell);
      if (number.isEmpty() && MISSING.matcher(cell).matches() && !header.needs(column)) {
        return number;
      }
      if (number.isEmpty() && !LOSSES.contains(column)) {
        number = Quantities.parseCount(cell);
      }
      if (number.isEmpty() || number.getAsDouble() < least) {
        throw BadInputException.of(
            "%s, column %s: found %s, wanted a %s%s",
            place(row),
            header.name(index),
            shown(cell),
            zero ? "finite number, 0 or more" : "positive finite number",
            hint(cell, column));
      }
      sum += number.getAsDouble();
    }
    double scaled = sum * unit(column);
    if (!Double.isFinite(scaled)) {
      throw BadInputException.of(
          "%s, column %s: found %s, too large for its unit", place(row), column.key(), sum);
    }
    return OptionalDouble.of(scaled);
  }

  private double unit(Column column) {
    Column counted =
        Column.PARTS.contains(column)
            ? Column.PARAMS
            : column == Column.UNIQUE_TOKENS ? Column.TOKENS : column;
    double usual = format.units().getOrDefault(counted, 1.0);
    return format.units().getOrDefault(column, usual);
  }

  private static String shown(String cell) {
    return cell.isEmpty()
        ? "an empty cell"
        : cell.length() > LONGEST_SHOWN
            ? "'" + cell.substring(0, LONGEST_SHOWN) + "…'"
            : "'" + cell + "'";
  }

  private static String hint(String cell, Column column) {
    if (cell.indexOf(',') >= 0) {
      return "; numbers take a decimal point, and nothing between thousands";
    }
    return column == Column.LOSS && isLost(cell)
        ? "; a run without one is left out where its status says other than done"
        : "";
  }
}
