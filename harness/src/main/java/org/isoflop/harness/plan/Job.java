package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

import java.util.Optional;
import org.isoflop.harness.config.Schedule;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.OptimizerSettings;

/**
 * One stretch of training of one decoder, from initial weights or from its parent's end state to a
 * last step, ending in at most one horizon: the unit of training, resuming, scheduling and failing.
 *
 * @param id readable, unique in its plan and fit for a folder's name, such as {@code
 *     c3e10-d40-l2-s1}
 * @param decoder what is trained
 * @param seed of the initial weights and the order of the data
 * @param batchSequences sequences per step
 * @param optimizer AdamW's settings
 * @param schedule the learning rate of every step, counted from the initial weights on
 * @param parent id of the job whose end state this one goes on from; empty for one from initial
 *     weights
 * @param firstStep steps trained before this job, its parent's last; 0 without a parent
 * @param lastStep steps trained after it, counted from the initial weights
 * @param horizon what the job ends in, at its last step; empty where its end state alone is wanted
 */
public record Job(
    String id,
    DecoderConfig decoder,
    long seed,
    int batchSequences,
    OptimizerSettings optimizer,
    Schedule.Fitted schedule,
    Optional<String> parent,
    long firstStep,
    long lastStep,
    Optional<Horizon> horizon) {

  /** In fewer steps little can decay. */
  static final long SHORTEST_COOLDOWN = 20;

  /** Fewer steps of a warm-up are as good as none, where more are wanted. */
  static final long SHORTEST_WARMUP = 10;

  /** Refuses parts that do not fit each other with {@link IllegalArgumentException}. */
  public Job {
    check(id.matches("[A-Za-z0-9._-]+"), "'%s' cannot be a job's id", id);
    check(batchSequences >= 1, "a batch must have a sequence, has %d", batchSequences);
    check(
        firstStep >= 0 && firstStep < lastStep,
        "a job must have steps, goes from %d to %d",
        firstStep,
        lastStep);
    check(
        parent.isPresent() == firstStep > 0,
        "a job from step %d on has %s parent",
        firstStep,
        parent.isPresent() ? "a" : "no");
    check(
        schedule.end().orElse(lastStep) == lastStep,
        "the schedule is not made for a last step of %d",
        lastStep);
    if (horizon.isPresent()) {
      Horizon end = horizon.get();
      check(end.steps() == lastStep, "its %d steps are not the horizon's", lastStep);
      long batchTokens = (long) batchSequences * decoder.options().context();
      check(
          end.tokens() == lastStep * batchTokens,
          "%d tokens are not %d batches of %d",
          end.tokens(),
          lastStep,
          batchTokens);
    }
  }

  /** Returns the horizon of a job that ends in one. */
  public Horizon end() {
    return horizon.orElseThrow();
  }

  /** Returns the same decoder's training from initial weights on, to a horizon of its own. */
  Job fromStart(String otherId, Schedule.Fitted other, Horizon end) {
    return new Job(
        otherId,
        decoder,
        seed,
        batchSequences,
        optimizer,
        other,
        Optional.empty(),
        0,
        end.steps(),
        Optional.of(end));
  }

  /** Returns the horizon whose loss is a point of its cell, not one to compare that with. */
  public Optional<Horizon> point() {
    return horizon.filter(end -> end.use() == Horizon.Use.POINT);
  }

  /** Returns whether it ends in a horizon for one of these uses. */
  public boolean isFor(Horizon.Use use) {
    return horizon.filter(end -> end.use() == use).isPresent();
  }

  /**
   * Returns what of its schedule has too few steps to act: {@code cooldown}, {@code warmup}, {@code
   * warmup+cooldown}, or nothing. Batches are made smaller before it comes to that, where the
   * configuration asks for more steps.
   */
  public String shortOfSteps() {
    long wanted = JobBuilder.wantedWarmup((double) decoder.parameters().matmul(), batchTokens());
    boolean warmup = schedule.warmupSteps() < Math.min(SHORTEST_WARMUP, wanted);
    boolean cooldown = schedule.cooldown().orElse(Long.MAX_VALUE) < SHORTEST_COOLDOWN;
    return (warmup ? "warmup" : "")
        + (warmup && cooldown ? "+" : "")
        + (cooldown ? "cooldown" : "");
  }

  /** Returns the learning rate of a step, counted from the initial weights. */
  public double learningRate(long step) {
    return schedule.learningRate(step);
  }

  /** Returns the training tokens of one step. */
  public long batchTokens() {
    return (long) batchSequences * decoder.options().context();
  }

  /** Returns the number of steps of this job alone. */
  public long steps() {
    return lastStep - firstStep;
  }

  /**
   * Returns how much of the job is done after a step, from 0 to 1.
   *
   * @param step counted from the initial weights; before {@link #firstStep} where the parent's end
   *     state was gone and some of its steps are trained again
   */
  public double fraction(long step) {
    return Math.max(0, (double) (step - firstStep) / steps());
  }

  /** Returns the exact training FLOPs of this job alone. */
  public double flops() {
    return (double) (steps() * batchTokens()) * decoder.flopsPerToken();
  }
}
