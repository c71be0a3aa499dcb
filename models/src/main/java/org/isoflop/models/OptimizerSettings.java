package org.isoflop.models;

import static org.isoflop.models.Checks.check;

/**
 * AdamW (Loshchilov and Hutter 2019) with global-norm clipping, as one job uses it from its first
 * step to its last.
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay, multiplied by the learning rate; on matrices only
 * @param clipNorm largest global gradient norm let through
 */
public record OptimizerSettings(
    double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {

  /** Refuses values AdamW is not defined for with {@link IllegalArgumentException}. */
  public OptimizerSettings {
    check(beta1 >= 0 && beta1 < 1, "beta1 must lie in [0, 1), is %s", beta1);
    check(beta2 >= 0 && beta2 < 1, "beta2 must lie in [0, 1), is %s", beta2);
    check(epsilon > 0 && Double.isFinite(epsilon), "epsilon must be positive, is %s", epsilon);
    check(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weight decay must not be negative, is %s",
        weightDecay);
    check(clipNorm > 0, "clip norm must be positive, is %s", clipNorm);
  }
}
