package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.text;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.config.Hyperparameter.ByLaw;
import org.isoflop.harness.config.Hyperparameter.Fixed;

/** How every cell is trained. */
public record Training(
    @Words("The learning rate's course, such as {kind: wsd, cooldown: 0.2}, or its kind alone.")
        Schedule schedule,
    @Words(
            "Peak learning rate: {rule: auto, multiplier: 1}, a rule that gives each cell its own,"
                + " the default; or a number for all cells. A rule speaks of cosine, with wsd half"
                + " of it is used; a number is used as it stands.")
        Hyperparameter learningRate,
    @Words(
            "Tokens per step: a number, or a section as learning_rate has. Made smaller where a run"
                + " would not have min_steps. Default: {rule: auto, multiplier: 1, multipliers:"
                + " [1]}")
        Hyperparameter batchTokens,
    @Words(
            "Fewest steps of a run, 50 or more: batches give way to it, and what even one sequence"
                + " a step leaves short of it is left out. Default: 100")
        int minSteps,
    @Words(
            "Whether the horizons of a size share training: trunk, or none, where every cell is a"
                + " run of its own; or {kind: trunk, tolerance, verify}. A trunk runs at constant"
                + " learning rate, and each horizon is a branch of it that cools down; wsd only."
                + " Default: trunk with wsd, else none")
        Sharing sharing,
    @Words(
            "Runs at half and twice the learning rate of the cells nearest the expected optimum, up"
                + " to 3 at the middle budget (a lower one, where that is too dear); no points,"
                + " they say how far the rates are from the best. auto: where 5% of the sweep's"
                + " FLOPs pay for them, decided when it begins; none; or another share, such as"
                + " 0.1, which may come later too. Cells with several rates have none, and cells by"
                + " name none but those that a share asks for. Default: auto")
        Control control,
    @Words(
            "Number format of the passes: float32, bfloat16, or auto (bfloat16 on GPUs that compute"
                + " in it, float32 elsewhere; decided when the sweep starts, and kept wherever it"
                + " goes on). Default: auto")
        PrecisionChoice precision,
    @Words("Seed of the initial weights and the order of the data; a whole number. Default: 1")
        long seed,
    @Words(
            "Runs that differ in nothing but their seed; how far they lie apart is the noise that"
                + " intervals rest on. auto: one of every cell and, with the next seeds, up to two"
                + " repeats of those cells where they shrink the interval of the exponent most for"
                + " their FLOPs (mostly of the smallest budgets), for at most a tenth of what the"
                + " others cost; {auto: 0.05} names another share. Cells by name have no repeats"
                + " but those they ask for. Or a number, of every cell. May grow later. Default:"
                + " auto")
        Seeds seeds,
    @Words(
            "Most tokens in one forward pass; larger batches accumulate gradients over several."
                + " Either way batches, steps and, but for rounding, losses are the same. A number,"
                + " or auto: as many as the memory has room for that a worker finds, at most 16384."
                + " Default: auto")
        Optional<Integer> microBatchTokens,
    @Words("AdamW with clipping of the global gradient norm.") OptimizerConfig optimizer) {

  /** The values of a configuration without a {@code training} section. */
  public static final Training DEFAULT =
      new Training(
          Wsd.DEFAULT,
          Hyperparameter.ByRule.DEFAULT,
          Hyperparameter.ByRule.DEFAULT,
          100,
          Sharing.DEFAULT,
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
    sharing = sharing.with(schedule);
    if (learningRate instanceof Fixed fixed) {
      double rate = fixed.value();
      checkRange(rate > 0 && rate <= 10, "learning_rate", rate, "more than 0 and at most 10");
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
        !sharing.trunks() || schedule.cooldownShare().isPresent(),
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
    return with(schedule, otherRate, otherBatch, sharing, control, precision, seeds, optimizer);
  }

  /** Returns the same with another schedule and optimizer. */
  public Training with(Schedule other, OptimizerConfig otherOptimizer) {
    return with(
        other, learningRate, batchTokens, sharing, control, precision, seeds, otherOptimizer);
  }

  /** Returns the same with other seeds. */
  public Training with(Seeds others) {
    return with(
        schedule, learningRate, batchTokens, sharing, control, precision, others, optimizer);
  }

  /** Returns the same in another number format. */
  Training with(PrecisionChoice other) {
    return with(schedule, learningRate, batchTokens, sharing, control, other, seeds, optimizer);
  }

  /** Returns the same with each cell trained once, by itself. */
  Training once() {
    return with(
        schedule,
        learningRate.withMultipliers(Hyperparameter.ONE),
        batchTokens.withMultipliers(Hyperparameter.ONE),
        Sharing.NONE,
        Control.NONE,
        precision,
        Seeds.of(1),
        optimizer);
  }

  private Training with(
      Schedule otherSchedule,
      Hyperparameter otherRate,
      Hyperparameter otherBatch,
      Sharing otherSharing,
      Control otherControl,
      PrecisionChoice otherPrecision,
      Seeds otherSeeds,
      OptimizerConfig otherOptimizer) {
    return new Training(
        otherSchedule,
        otherRate,
        otherBatch,
        minSteps,
        otherSharing,
        otherControl,
        otherPrecision,
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
