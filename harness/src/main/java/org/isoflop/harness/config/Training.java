package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.config.Hyperparameter.ByLaw;
import org.isoflop.harness.config.Hyperparameter.Fixed;

/**
 * How every cell is trained.
 *
 * @param schedule the learning rate's course
 * @param learningRate its peak
 * @param batchTokens tokens per step
 * @param minSteps fewest steps of a run, which its batch is made small enough for
 * @param sharing whether the horizons of a size share a trunk, which needs a schedule that has one
 * @param control whether a few cells are trained at other learning rates, to check those of all
 * @param precision the number format of the passes; {@code auto} until a sweep starts
 * @param seed of the initial weights and the order of the data, or the first where there are more
 * @param seeds runs of a cell that differ in nothing but their seed
 * @param microBatchTokens most tokens in one forward pass; a resource, no part of what is trained.
 *     Nothing lets each worker choose by the memory it finds
 * @param optimizer AdamW's settings
 */
public record Training(
    ScheduleConfig schedule,
    Hyperparameter learningRate,
    Hyperparameter batchTokens,
    int minSteps,
    Sharing sharing,
    Control control,
    PrecisionChoice precision,
    long seed,
    Seeds seeds,
    @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
        Optional<Integer> microBatchTokens,
    OptimizerConfig optimizer) {

  /** The values of a configuration without a {@code training} section. */
  public static final Training DEFAULT =
      new Training(
          ScheduleConfig.Wsd.DEFAULT,
          Hyperparameter.ByRule.DEFAULT,
          Hyperparameter.ByRule.DEFAULT,
          100,
          Sharing.defaultFor(ScheduleConfig.Wsd.DEFAULT),
          Control.AUTO,
          PrecisionChoice.AUTO,
          1,
          Seeds.AUTO,
          Optional.empty(),
          OptimizerConfig.DEFAULT);

  /** With fewer, whole steps would miss the budget by more than a hundredth. */
  private static final int LEAST_MIN_STEPS = 50;

  private static final int MOST_MIN_STEPS = 1_000_000;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Training {
    if (learningRate instanceof Fixed fixed) {
      check(
          fixed.value() > 0 && fixed.value() <= 10,
          "learning_rate",
          "%s is out of range, use more than 0 and at most 10",
          text(fixed.value()));
    }
    if (batchTokens instanceof Fixed fixed) {
      check(
          fixed.value() >= 1 && fixed.value() <= 1e9 && fixed.value() == Math.rint(fixed.value()),
          "batch_tokens",
          "%s is not a number of tokens, use a whole one from 1 to 1e9",
          text(fixed.value()));
    }
    if (learningRate instanceof ByLaw tuned) {
      tuned.law().checkFor("learning_rate", schedule);
    }
    if (batchTokens instanceof ByLaw tuned) {
      tuned.law().checkFor("batch_tokens", schedule);
    }
    check(
        !sharing.trunks() || schedule instanceof ScheduleConfig.Wsd,
        "sharing",
        "trunk needs a schedule with a constant part, use schedule {kind: wsd} or sharing none");
    check(
        minSteps >= LEAST_MIN_STEPS && minSteps <= MOST_MIN_STEPS,
        "min_steps",
        "%d is out of range, use %d (fewer whole steps would miss a budget by over a hundredth) to"
            + " %d",
        minSteps,
        LEAST_MIN_STEPS,
        MOST_MIN_STEPS);
    control.check();
    Seeds.checkFirst(seed);
    seeds.check();
    microBatchTokens.ifPresent(
        tokens ->
            check(
                tokens >= 1,
                "micro_batch_tokens",
                "%d is not a number of tokens, use 1 or more",
                tokens));
  }

  /** Returns the same with other hyperparameters. */
  public Training with(Hyperparameter otherRate, Hyperparameter otherBatch) {
    return with(schedule, otherRate, otherBatch, seeds, optimizer);
  }

  /** Returns the same with another schedule and optimizer. */
  Training with(ScheduleConfig otherSchedule, OptimizerConfig otherOptimizer) {
    return with(otherSchedule, learningRate, batchTokens, seeds, otherOptimizer);
  }

  /** Returns the same with other seeds. */
  public Training with(Seeds others) {
    return with(schedule, learningRate, batchTokens, others, optimizer);
  }

  private Training with(
      ScheduleConfig otherSchedule,
      Hyperparameter otherRate,
      Hyperparameter otherBatch,
      Seeds otherSeeds,
      OptimizerConfig otherOptimizer) {
    return new Training(
        otherSchedule,
        otherRate,
        otherBatch,
        minSteps,
        sharing,
        control,
        precision,
        seed,
        otherSeeds,
        microBatchTokens,
        otherOptimizer);
  }

  /** Returns one of {@link Hyperparameter#KEYS}. */
  public Hyperparameter hyperparameter(String key) {
    return key.equals("learning_rate") ? learningRate : batchTokens;
  }

  /** Returns the seeds of every cell that names none, whatever is placed besides. */
  public List<Long> allSeeds() {
    return Seeds.inARow(seed, seeds.ofEveryCell());
  }
}
