package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

/**
 * What one job will cost.
 *
 * @param job the job
 * @param targetParams total parameters its cell asked for; the decoder is the nearest rung
 * @param seconds on one slot, evaluation included
 * @param extrapolated whether the time is a guess, because nothing of that size was timed
 * @param passTokens of its longest pass
 * @param memoryBytes device memory, as {@link MemoryEstimate} counts it
 * @param epochs passes over the training tokens
 * @param uniqueTokens distinct training tokens it sees
 */
public record JobForecast(
    Job job,
    double targetParams,
    double seconds,
    boolean extrapolated,
    long passTokens,
    long memoryBytes,
    double epochs,
    long uniqueTokens) {

  /** Refuses what is not a cost with {@link IllegalArgumentException}. */
  public JobForecast {
    check(seconds > 0, "seconds must be positive, are %s", seconds);
    check(epochs > 0, "epochs must be positive, are %s", epochs);
    check(targetParams > 0, "the target must be positive, is %s", targetParams);
  }
}
