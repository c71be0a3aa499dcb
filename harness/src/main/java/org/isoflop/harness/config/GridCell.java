package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkThere;
import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One cell by name. What it does not say, it has as {@link Training} says of all.
 *
 * @param seeds how many; where it is empty one with a seed of its own, else as training has
 */
public record GridCell(
    @Words(value = "FLOPs the cell may spend on training.", example = "2.8e11") double budget,
    @Words(
            value = "Total parameters; the nearest decoder that can be built is trained.",
            example = "20e3")
        double params,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(
            value = "Seed of the cell, or the first of several. Default: training.seed",
            example = "2")
        OptionalLong seed,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(
            value = "How many. Default: 1 where the cell names a seed, else training.seeds",
            example = "3")
        OptionalInt seeds,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(
            value = "The cell's settings. Default: training.learning_rate.multipliers",
            example = "[0.5, 1, 2]")
        List<Double> learningRateMultipliers,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(
            value = "The same of the batch. Default: training.batch_tokens.multipliers",
            example = "[1, 2]")
        List<Double> batchMultipliers,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Words(
            value =
                "What else of the cell is not as training has it: any of optimizer.weight_decay,"
                    + " optimizer.beta2 and schedule.warmup. Default: none",
            example = "{weight_decay: 0.3, beta2: 0.999, warmup: 0.05}")
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
    checkThere(budget, "budget", "use the FLOPs the cell may spend");
    checkThere(params, "params", "use the cell's total parameters");
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
