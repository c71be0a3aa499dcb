package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

/**
 * The steps of a job after which its validation loss is taken on the way: from the end of the
 * warm-up on, each time the training so far has grown by a share of itself. So losses lie evenly on
 * a logarithmic axis, one setting does for all sizes and budgets, and they lie at the same steps
 * wherever a lineage is cut into jobs.
 *
 * @param growth that share; 0 where none are taken
 */
public record EvaluationSteps(double growth) {

  /** None on the way. */
  public static final EvaluationSteps NONE = new EvaluationSteps(0);

  /** Refuses a growth out of range with {@link IllegalArgumentException}. */
  public EvaluationSteps {
    check(growth >= 0 && growth <= 1, "growth must lie in [0, 1], is %s", growth);
  }

  /**
   * Returns the first such step after one; {@code Long.MAX_VALUE} where there is none. The last
   * step of a job that ends in a horizon is not among them, as the horizon's loss is taken there.
   */
  public long after(Job job, long step) {
    if (growth == 0) {
      return Long.MAX_VALUE;
    }
    long next = job.schedule().warmupSteps();
    while (next <= step) {
      next = Math.max(next + 1, (long) Math.ceil(next * (1 + growth)));
    }
    long last = job.horizon().isPresent() ? job.lastStep() - 1 : job.lastStep();
    return next <= last ? next : Long.MAX_VALUE;
  }

  /** Returns how many there are in a job's own steps. */
  int count(Job job) {
    int count = 0;
    long step = after(job, job.firstStep());
    while (step < Long.MAX_VALUE) {
      count++;
      step = after(job, step);
    }
    return count;
  }
}
