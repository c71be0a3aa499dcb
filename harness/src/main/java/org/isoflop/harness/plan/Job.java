package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

import java.util.List;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.OptimizerSettings;

/**
 * One model size, seed and set of hyperparameters with its horizons: the unit of training, resuming
 * and scheduling.
 *
 * @param id readable, unique in its plan and fit for a folder's name, such as {@code
 *     c3e10-d40-l2-s1}
 * @param decoder what is trained
 * @param seed of the initial weights and the order of the data
 * @param batchSequences sequences per step
 * @param optimizer AdamW's settings
 * @param schedule the learning rate of every step, up to the last horizon
 * @param horizons by steps; one for now
 */
public record Job(
    String id,
    DecoderConfig decoder,
    long seed,
    int batchSequences,
    OptimizerSettings optimizer,
    Schedule schedule,
    List<Horizon> horizons) {

  /** Refuses parts that do not fit each other with {@link IllegalArgumentException}. */
  public Job {
    horizons = List.copyOf(horizons);
    check(id.matches("[A-Za-z0-9._-]+"), "'%s' cannot be a job's id", id);
    check(batchSequences >= 1, "a batch must have a sequence, has %d", batchSequences);
    check(horizons.size() == 1, "a job has one horizon, not %d", horizons.size());
    Horizon last = horizons.get(0);
    check(
        schedule.steps() == last.steps(),
        "the schedule ends at step %d, the horizon at %d",
        schedule.steps(),
        last.steps());
    long batchTokens = (long) batchSequences * decoder.options().context();
    check(
        last.tokens() == last.steps() * batchTokens,
        "%d tokens are not %d batches of %d",
        last.tokens(),
        last.steps(),
        batchTokens);
  }

  /** Returns the training tokens of one step. */
  public long batchTokens() {
    return (long) batchSequences * decoder.options().context();
  }

  /** Returns the largest learning rate. */
  public double peakLearningRate() {
    return schedule.peak();
  }

  /** Returns the number of steps up to the last horizon. */
  public long steps() {
    return schedule.steps();
  }
}
