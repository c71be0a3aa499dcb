package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

/**
 * What one job will cost.
 *
 * @param job the job
 * @param target what was asked for, which its decoder comes near
 * @param seconds on one slot, evaluation included
 * @param extrapolated whether the time is a guess, because nothing of that size was timed
 * @param passTokens of its longest pass
 * @param memoryBytes device memory, as {@link Passes} counts it
 * @param epochs passes over the text from the initial weights to its end
 * @param uniqueTokens training tokens seen till then, repeated ones counted once
 */
public record JobForecast(
    Job job,
    Target target,
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
  }

  /**
   * What a decoder was to be, before anything was rounded.
   *
   * @param params total, by the grid
   * @param layers by the rule at the decoder's width; its own where the shape is the user's
   * @param mlpWidth hidden width of the feed-forward block; the same
   */
  public record Target(double params, double layers, double mlpWidth) {

    /** Refuses what is no size with {@link IllegalArgumentException}. */
    public Target {
      check(params > 0, "the target must be positive, is %s", params);
      check(
          layers > 0 && mlpWidth > 0,
          "a decoder of %s layers and a hidden width of %s was asked for",
          layers,
          mlpWidth);
    }
  }
}
