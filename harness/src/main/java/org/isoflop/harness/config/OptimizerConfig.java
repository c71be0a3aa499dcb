package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Optional;

/**
 * AdamW and its clipping.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1); nothing lets the plan choose by batch size
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay, multiplied by the learning rate
 * @param clipNorm largest global gradient norm let through
 */
public record OptimizerConfig(
    double beta1,
    @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
        Optional<Double> beta2,
    double epsilon,
    double weightDecay,
    double clipNorm) {

  /** The values of a configuration without an {@code optimizer} section. */
  public static final OptimizerConfig DEFAULT =
      new OptimizerConfig(0.9, Optional.empty(), 1e-8, 0.1, 1);

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public OptimizerConfig {
    checkBeta(beta1, "beta1");
    beta2.ifPresent(value -> checkBeta(value, "beta2"));
    check(
        epsilon > 0 && epsilon <= 1,
        "epsilon",
        "%s is out of range, use more than 0 and at most 1",
        text(epsilon));
    check(
        weightDecay >= 0 && weightDecay <= 10,
        "weight_decay",
        "%s is out of range, use 0 to 10",
        text(weightDecay));
    check(
        clipNorm > 0 && clipNorm <= 1e6,
        "clip_norm",
        "%s is out of range, use more than 0 and at most 1e6",
        text(clipNorm));
  }

  private static void checkBeta(double value, String key) {
    check(
        value >= 0 && value < 1,
        key,
        "%s is out of range, use 0 or more and less than 1",
        text(value));
  }
}
