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
import org.isoflop.harness.analysis.points.RunTally.LeftOut;
import org.isoflop.harness.analysis.points.Table.Row;

/**
 * Makes a run of one row, and refuses with line and column what cannot be one.
 *
 * @param lineagePrefix what makes a lineage of this file another than that of the next
 */
record RunReader(Header header, PointsFormat format, String lineagePrefix, Row row) {

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

  /** Adds the row to what was read or left out; returns whether it is a point. */
  boolean read(RunTally into) {
    Optional<String> word = text(Column.STATUS);
    RunStatus status = word.map(w -> RunStatus.of(w, format.done())).orElse(RunStatus.DONE);
    switch (status) {
      case DONE -> {
        Optional<LeftOut> reason = leftOut(word.isPresent());
        reason.ifPresentOrElse(why -> into.leaveOut(why, said(why)), () -> add(into));
        return reason.isEmpty();
      }
      case SUPERSEDED, DIVERGED -> tried().ifPresent(into::addTried);
      case VERIFICATION -> into.addSeparate(run(nats(), into));
      case CONTROL -> into.addControl(run(isLost() ? Double.POSITIVE_INFINITY : nats(), into));
      case UNKNOWN -> into.noteUnknown(word.orElseThrow());
      case NOT_DONE -> {}
    }
    into.leaveOut(LeftOut.UNFINISHED, RunTally.orEmpty(word.orElseThrow()));
    return false;
  }

  /** Returns why a run that is done is no point, where it is none. */
  private Optional<LeftOut> leftOut(boolean saidDone) {
    if (departure() > format.mostDeparture().orElse(Double.POSITIVE_INFINITY)) {
      return Optional.of(LeftOut.DEPARTED);
    }
    if (format.minSteps().filter(least -> number(Column.STEPS).orElseThrow() < least).isPresent()) {
      return Optional.of(LeftOut.SHORT);
    }
    return !saidDone && isLost() ? Optional.of(LeftOut.DIVERGED) : Optional.empty();
  }

  private String said(LeftOut why) {
    return switch (why) {
      case DEPARTED -> Quantities.digits(format.mostDeparture().orElseThrow());
      case SHORT -> format.minSteps().orElseThrow().toString();
      default -> row.place().toString();
    };
  }

  private void add(RunTally into) {
    Run run = run(nats(), into);
    if (!run.allows(format.convention())) {
      throw BadInputException.of(
          "%s: params or FLOPs cannot be counted as %s; wanted %s",
          row.place(), format.convention().words(), format.convention().wanted());
    }
    into.add(run);
    if (text(Column.SHORT_OF_STEPS).filter(part -> !part.isBlank()).isPresent()) {
      into.noteShort(cell(Column.STEPS).orElse(0));
    }
  }

  /** Returns whether a run has no loss, as one that diverged. */
  private boolean isLost() {
    return cells(Column.LOSS).anyMatch(RunReader::isLost);
  }

  private static boolean isLost(String cell) {
    return MISSING.matcher(cell).matches() || INFINITE.matcher(cell).matches();
  }

  /** Tells what setting a cell was also trained with; nothing else of the row is of use. */
  private Optional<Settings.Tried> tried() {
    OptionalDouble budget = cell(Column.BUDGET_FLOPS);
    OptionalDouble params = cell(Column.PARAMS);
    if (budget.isEmpty() || params.isEmpty()) {
      return Optional.empty();
    }
    double flops = budget.getAsDouble() * unit(Column.BUDGET_FLOPS);
    double n = params.getAsDouble() * unit(Column.PARAMS);
    return Optional.of(
        new Settings.Tried(new Settings.Size(OptionalDouble.of(flops), n), setting()));
  }

  /** Returns how far learning rate and batch are from the cell's own, as a factor of at least 1. */
  private double departure() {
    return format.mostDeparture().isEmpty()
        ? 1
        : DEPARTURE_OF.values().stream()
            .mapToDouble(column -> number(column).orElse(1))
            .map(ratio -> Math.max(ratio, 1 / ratio))
            .max()
            .orElseThrow();
  }

  private Run run(double nats, RunTally into) {
    Map<Column, Double> parts = new EnumMap<>(Column.class);
    Column.PARTS.forEach(part -> number(part).ifPresent(count -> parts.put(part, count)));
    OptionalDouble budget = number(Column.BUDGET_FLOPS);
    OptionalDouble known = number(Column.PARAMS);
    OptionalDouble seen = number(Column.TOKENS);
    OptionalDouble counted = format.convention().params().count(known, parts);
    double tokens = seen.isPresent() ? seen.getAsDouble() : bySixNd(budget, counted);
    double params = known.isPresent() ? known.getAsDouble() : bySixNd(budget, seen);
    if (seen.isEmpty()) {
      into.noteFilled("tokens are C/6N");
    } else if (known.isEmpty()) {
      into.noteFilled("params are C/6D");
    }
    OptionalDouble flops = number(Column.FLOPS);
    double product = number(Column.FLOPS_PER_TOKEN).orElse(Double.NaN) * tokens;
    OptionalDouble bits = number(Column.BITS_PER_BYTE);
    boolean inBits = format.lossUnit().filter(u -> u == LossUnit.BITS_PER_BYTE).isPresent();
    return new Run(
        row.place(),
        budget,
        params,
        tokens,
        new DataSeen(number(Column.UNIQUE_TOKENS), number(Column.EPOCHS)),
        nats,
        bits.isEmpty() && inBits ? number(Column.LOSS) : bits,
        flops.isEmpty() && Double.isFinite(product) ? OptionalDouble.of(product) : flops,
        Map.copyOf(parts),
        lineagePrefix + filled(Column.LINEAGE).orElse("line " + row.place().line()),
        filled(Column.SEED),
        setting(),
        filled(Column.PRECISION),
        true);
  }

  /** Returns C / 6N or C / 6D. */
  private double bySixNd(OptionalDouble budget, OptionalDouble other) {
    double quotient = budget.orElse(Double.NaN) / 6 / other.orElse(Double.NaN);
    if (quotient > 0 && Double.isFinite(quotient)) {
      return quotient;
    }
    throw BadInputException.of(
        "%s: --flops 6nd needs two of budget_flops, params and tokens; the row has fewer",
        row.place());
  }

  private double nats() {
    double loss = number(Column.LOSS).orElseThrow();
    double nats = format.lossUnit().orElse(LossUnit.NATS).nats(loss);
    if (!(nats > 0)) {
      throw BadInputException.of(
          "%s: found a perplexity of %s, wanted one above 1", row.place(), loss);
    }
    if (format.lossUnit().isEmpty() && nats > LossUnit.MOST_NATS) {
      throw BadInputException.of(
          "%s, column %s: found %s, more nats per token than guessing costs with any vocabulary; if"
              + " losses are perplexities give --loss-unit perplexity, if the run diverged a status"
              + " that says so, else --loss-unit nats",
          row.place(), header.name(header.indices(Column.LOSS).get(0)), loss);
    }
    return nats;
  }

  private Map<String, String> setting() {
    Map<String, String> setting = new LinkedHashMap<>();
    header
        .settings()
        .forEach(
            (name, index) -> {
              String cell = row.cells().get(index);
              OptionalDouble number = Quantities.parseNumber(cell); // 1e-3 and .001 are one setting
              setting.put(
                  name,
                  number.isPresent() ? Double.toString(own(number.getAsDouble(), name)) : cell);
            });
    return setting;
  }

  /** Returns a rate or batch as its cell has it: what a trunk made of it is no other setting. */
  private double own(double trained, String name) {
    Column departure = DEPARTURE_OF.get(name);
    if (departure == null || !header.has(departure)) {
      return trained;
    }
    double own = trained / cell(departure).orElse(1);
    return Double.isFinite(own) ? new BigDecimal(own).round(SETTING_DIGITS).doubleValue() : trained;
  }

  private Stream<String> cells(Column column) {
    return header.indices(column).stream().map(row.cells()::get);
  }

  /** Returns what a column says, where it is there. */
  private Optional<String> text(Column column) {
    return header.has(column)
        ? Optional.of(cells(column).collect(Collectors.joining("+")))
        : Optional.empty();
  }

  private Optional<String> filled(Column column) {
    return text(column).filter(text -> !text.isEmpty());
  }

  /** Returns the number in a column of one cell, if it is one. */
  private OptionalDouble cell(Column column) {
    return text(column).map(Quantities::parseNumber).orElse(OptionalDouble.empty());
  }

  /** Returns the number in a column, which may be missing there only where no one needs it. */
  private OptionalDouble number(Column column) {
    if (!header.has(column)) {
      return OptionalDouble.empty();
    }
    // Epochs that are counted whole are 0 before the first is over.
    boolean zero = Column.PARTS.contains(column) || column == Column.EPOCHS;
    double sum = 0;
    for (int index : header.indices(column)) {
      String cell = row.cells().get(index);
      OptionalDouble number =
          LOSSES.contains(column) ? Quantities.parseNumber(cell) : Quantities.parseCount(cell);
      if (number.isEmpty() && MISSING.matcher(cell).matches() && !header.needs(column)) {
        return number;
      }
      if (number.isEmpty() || number.getAsDouble() < (zero ? 0 : Double.MIN_VALUE)) {
        throw BadInputException.of(
            "%s, column %s: found %s, wanted a %s%s",
            row.place(),
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
          "%s, column %s: found %s, too large for its unit", row.place(), column.key(), sum);
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
    return cell.isEmpty() ? "an empty cell" : "'" + Header.shortened(cell, LONGEST_SHOWN) + "'";
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
