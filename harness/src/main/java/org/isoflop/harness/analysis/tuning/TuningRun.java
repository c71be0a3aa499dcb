package org.isoflop.harness.analysis.tuning;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;

/**
 * One run of a cell with one learning rate and one batch.
 *
 * @param cell where it lies
 * @param tokens D, its own whole steps
 * @param learningRate its peak
 * @param batchTokens tokens per step
 * @param seed of its initial weights and the order of its data
 * @param loss in nats per token; empty where it diverged, which is worse than any
 * @param setting which of its cell's settings it is
 */
public record TuningRun(
    Cell cell,
    double tokens,
    double learningRate,
    double batchTokens,
    long seed,
    OptionalDouble loss,
    Setting setting) {

  /**
   * A place that several settings were tried at.
   *
   * @param budget FLOPs
   * @param params N, total parameters
   */
  public record Cell(double budget, double params) {}

  /**
   * One of the settings of a cell.
   *
   * @param learningRate what the cell's own is multiplied by
   * @param batch the same
   * @param change what else is not as the configuration has it
   */
  public record Setting(double learningRate, double batch, Optional<Change> change) {

    /** What the cell has of its own. */
    public static final Setting ONE = new Setting(1, 1);

    /** Nothing else changed. */
    public Setting(double learningRate, double batch) {
      this(learningRate, batch, Optional.empty());
    }

    /** Returns the same with this change. */
    Setting with(Change other) {
      return new Setting(learningRate, batch, Optional.of(other));
    }

    /** Returns the same with nothing else changed. */
    Setting unchanged() {
      return new Setting(learningRate, batch);
    }
  }

  /**
   * One thing that is not as the configuration has it, beside learning rate and batch.
   *
   * @param key of the configuration, such as {@code weight_decay}
   * @param value in place of what the configuration has there
   */
  public record Change(String key, double value) {

    /** Returns the value to the digit. */
    public String text() {
      return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    private static Optional<Change> parse(String text) {
      if (text.isEmpty()) {
        return Optional.empty();
      }
      String[] parts = text.split("=", 2);
      if (parts.length < 2) {
        throw new IllegalArgumentException("'" + text + "' is no change");
      }
      return Optional.of(new Change(parts[0], Double.parseDouble(parts[1])));
    }
  }

  /** The columns that must be there of {@code points.csv}; earlier ones have no {@code changes}. */
  private static final List<String> COLUMNS =
      List.of(
          "budget_flops",
          "params",
          "tokens",
          "learning_rate",
          "batch_tokens",
          "seed",
          "loss",
          "status",
          "learning_rate_multiplier",
          "batch_multiplier");

  /** Refuses what has no logarithm. */
  public TuningRun {
    for (double value : new double[] {cell.budget(), cell.params(), tokens}) {
      check(value);
    }
    check(learningRate);
    check(batchTokens);
    loss.ifPresent(TuningRun::check);
  }

  private static void check(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(value + " is not a positive number");
    }
  }

  /**
   * Reads the runs of a sweep's {@code points.csv}, whatever became of them.
   *
   * @throws BadInputException where the file cannot be read or a row says no numbers; names file
   *     and line
   */
  public static List<TuningRun> read(Path pointsCsv) {
    List<TuningRun> runs = new ArrayList<>();
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(Files.newBufferedReader(pointsCsv), format)) {
      for (String column : COLUMNS) {
        if (!parser.getHeaderNames().contains(column)) {
          throw BadInputException.of(
              "%s, line 1: the header lacks the column %s, which a sweep's points.csv has",
              pointsCsv, column);
        }
      }
      for (CSVRecord row : parser) {
        if (!row.get("status").equals("verification")) {
          runs.add(run(row.toMap(), pointsCsv, parser.getCurrentLineNumber()));
        }
      }
      return runs;
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", pointsCsv, e.getMessage());
    }
  }

  private static TuningRun run(Map<String, String> row, Path file, long line) {
    try {
      boolean diverged = row.get("status").equals("diverged");
      return new TuningRun(
          new Cell(number(row, "budget_flops"), number(row, "params")),
          number(row, "tokens"),
          number(row, "learning_rate"),
          number(row, "batch_tokens"),
          Long.parseLong(row.get("seed")),
          diverged ? OptionalDouble.empty() : OptionalDouble.of(number(row, "loss")),
          new Setting(
              number(row, "learning_rate_multiplier"),
              number(row, "batch_multiplier"),
              Change.parse(row.getOrDefault("changes", ""))));
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(
          "%s, line %d: is no row of a sweep (%s)", file, line, e.getMessage());
    }
  }

  private static double number(Map<String, String> row, String column) {
    return Double.parseDouble(row.get(column));
  }
}
