package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One cell by name.
 *
 * @param budget FLOPs it may spend on training
 * @param params total parameters; the nearest decoder that can be built is trained
 * @param seed of its initial weights and the order of its data, or the first of several; that of
 *     {@code training} where there is none
 * @param seeds how many; where it is empty one with a seed of its own, else as {@code training} has
 * @param learningRateMultipliers its settings of the learning rate; those of {@code training} where
 *     there are none
 * @param batchMultipliers the same of the batch
 * @param changes what else of it is not as {@code training} has it
 */
public record GridCell(
    double budget,
    double params,
    OptionalLong seed,
    OptionalInt seeds,
    List<Double> learningRateMultipliers,
    List<Double> batchMultipliers,
    Changes changes) {

  private static final double MOST_PARAMS = 1e15;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public GridCell {
    Grid.checkFlops(budget, "budget");
    check(
        params >= 1 && params <= MOST_PARAMS,
        "params",
        "%s is not a number of parameters, use 1 to 1e15",
        text(params));
    seed.ifPresent(Seeds::checkFirst);
    seeds.ifPresent(Seeds::checkCount);
    learningRateMultipliers = List.copyOf(learningRateMultipliers);
    batchMultipliers = List.copyOf(batchMultipliers);
  }

  /** One run of a cell, or as many as {@code training} has where it names no seed. */
  public GridCell(double budget, double params, OptionalLong seed) {
    this(budget, params, seed, OptionalInt.empty(), List.of(), List.of(), Changes.NONE);
  }

  @JsonCreator
  static GridCell read(
      @JsonProperty("budget") Double budget,
      @JsonProperty("params") Double params,
      @JsonProperty("seed") Long seed,
      @JsonProperty("seeds") Integer seeds,
      @JsonProperty("learning_rate_multipliers") List<Double> learningRateMultipliers,
      @JsonProperty("batch_multipliers") List<Double> batchMultipliers,
      @JsonProperty("changes") Changes changes) {
    check(budget != null, "budget", "is missing, use the FLOPs the cell may spend");
    check(params != null, "params", "is missing, use the cell's total parameters");
    return new GridCell(
        budget,
        params,
        seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
        seeds == null ? OptionalInt.empty() : OptionalInt.of(seeds),
        multipliers(learningRateMultipliers, "learning_rate_multipliers"),
        multipliers(batchMultipliers, "batch_multipliers"),
        changes == null ? Changes.NONE : changes);
  }

  private static List<Double> multipliers(List<Double> given, String key) {
    return given == null ? List.of() : Hyperparameter.sorted(given, key);
  }

  /** Returns the seeds of its runs. */
  public List<Long> seeds(Training training) {
    int count = seeds.orElse(seed.isPresent() ? 1 : training.seeds().ofEveryCell());
    return Seeds.inARow(seed.orElse(training.seed()), count);
  }

  /** Returns what its learning rate is multiplied by, one factor a setting. */
  public List<Double> learningRateMultipliers(Training training) {
    return learningRateMultipliers.isEmpty()
        ? training.learningRate().multipliers()
        : learningRateMultipliers;
  }

  /** Returns what its batch is multiplied by, one factor a setting. */
  public List<Double> batchMultipliers(Training training) {
    return batchMultipliers.isEmpty() ? training.batchTokens().multipliers() : batchMultipliers;
  }
}
