package org.isoflop.harness.analysis.tuning;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.CsvFiles;

/**
 * One run of a cell with one learning rate and one batch.
 *
 * @param trial what was asked for
 * @param tokens D, its own whole steps
 * @param learningRate its peak
 * @param batchTokens tokens per step
 * @param loss in nats per token; empty where it diverged, which is worse than any
 */
public record TuningRun(
    Trial trial, double tokens, double learningRate, double batchTokens, OptionalDouble loss) {

  /**
   * A place that several settings are tried at; ordered by budget and size.
   *
   * @param budget FLOPs
   * @param params N, total parameters
   */
  public record Cell(@JsonProperty("budget_flops") double budget, double params)
      implements Comparable<Cell> {

    private static final Comparator<Cell> ORDER =
        Comparator.comparingDouble(Cell::budget).thenComparingDouble(Cell::params);

    @Override
    public int compareTo(Cell other) {
      return ORDER.compare(this, other);
    }
  }

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

    /** None first, then by key and value. */
    static final Comparator<Optional<Change>> ORDER =
        Comparator.comparing((Optional<Change> change) -> change.map(Change::key).orElse(""))
            .thenComparingDouble(change -> change.map(Change::value).orElse(0.0));

    /** Returns the value to the digit. */
    public String text() {
      return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    private static Change parse(String text) {
      int end = text.indexOf('=');
      if (end < 0) {
        throw new IllegalArgumentException("'" + text + "' is no change");
      }
      return new Change(text.substring(0, end), Double.parseDouble(text.substring(end + 1)));
    }
  }

  /**
   * A run that is asked for; ordered by cell, setting and seed.
   *
   * @param seed of its initial weights and the order of its data
   */
  public record Trial(Cell cell, Setting setting, long seed) implements Comparable<Trial> {

    private static final Comparator<Trial> ORDER =
        Comparator.comparing(Trial::cell)
            .thenComparingDouble(trial -> trial.setting().learningRate())
            .thenComparingDouble(trial -> trial.setting().batch())
            .thenComparing(trial -> trial.setting().change(), Change.ORDER)
            .thenComparingLong(Trial::seed);

    /** Returns the same with another seed. */
    public Trial at(long other) {
      return new Trial(cell, setting, other);
    }

    /** Returns the same with nothing else changed than learning rate and batch. */
    Trial unchanged() {
      return new Trial(cell, setting.unchanged(), seed);
    }

    @Override
    public int compareTo(Trial other) {
      return ORDER.compare(this, other);
    }
  }

  /** The columns that must be there of {@code points.csv}; earlier ones have no {@code changes}. */
  private static final String[] COLUMNS = {
    "budget_flops",
    "params",
    "tokens",
    "learning_rate",
    "batch_tokens",
    "seed",
    "loss",
    "status",
    "learning_rate_multiplier",
    "batch_multiplier"
  };

  /** Refuses what has no logarithm. */
  public TuningRun {
    check(trial.cell().budget());
    check(trial.cell().params());
    check(tokens);
    check(learningRate);
    check(batchTokens);
    loss.ifPresent(TuningRun::check);
  }

  private static void check(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(value + " is not a positive number");
    }
  }

  /** Returns where it lies. */
  public Cell cell() {
    return trial.cell();
  }

  /** Returns which of its cell's settings it is. */
  public Setting setting() {
    return trial.setting();
  }

  /** Returns whether it is as the configuration has it but for learning rate and batch. */
  public boolean unchanged() {
    return setting().change().isEmpty();
  }

  /**
   * Reads the runs of a sweep's {@code points.csv}, whatever became of them.
   *
   * @throws BadInputException where the file cannot be read or a row says no numbers; names file
   *     and line
   */
  public static List<TuningRun> read(Path pointsCsv) {
    return CsvFiles.read(pointsCsv, TuningRun::of, COLUMNS).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<TuningRun> of(CsvFiles.Row row) {
    String status = row.text("status");
    if (status.equals("verification")) {
      return Optional.empty();
    }
    Cell cell = new Cell(row.number("budget_flops"), row.number("params"));
    Setting setting =
        new Setting(
            row.number("learning_rate_multiplier"),
            row.number("batch_multiplier"),
            Optional.of(row.text("changes")).filter(text -> !text.isEmpty()).map(Change::parse));
    return Optional.of(
        new TuningRun(
            new Trial(cell, setting, Long.parseLong(row.text("seed"))),
            row.number("tokens"),
            row.number("learning_rate"),
            row.number("batch_tokens"),
            status.equals("diverged")
                ? OptionalDouble.empty()
                : OptionalDouble.of(row.number("loss"))));
  }
}
