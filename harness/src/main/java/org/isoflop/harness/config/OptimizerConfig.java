package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.checkRange;

import java.util.Optional;

/** AdamW and its clipping. */
public record OptimizerConfig(
    @Words("Decay of the first moment. Default: 0.9") double beta1,
    @Words(
            "Decay of the second moment, or auto: 0.99 in batches below 65,536 tokens, 0.95 from"
                + " there up. Default: auto")
        Optional<Double> beta2,
    @Words("Added to the root of the second moment. Default: 1.0e-8") double epsilon,
    @Words("Decoupled decay of the matrices, times the learning rate. Default: 0.1")
        double weightDecay,
    @Words("Largest global gradient norm let through. Default: 1") double clipNorm) {

  /** The values of a configuration without an {@code optimizer} section. */
  public static final OptimizerConfig DEFAULT =
      new OptimizerConfig(0.9, Optional.empty(), 1e-8, 0.1, 1);

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public OptimizerConfig {
    checkBeta(beta1, "beta1");
    beta2.ifPresent(value -> checkBeta(value, "beta2"));
    String upToOne = "more than 0 and at most 1";
    checkRange(epsilon > 0 && epsilon <= 1, "epsilon", epsilon, upToOne);
    checkRange(weightDecay >= 0 && weightDecay <= 10, "weight_decay", weightDecay, "0 to 10");
    checkRange(clipNorm > 0 && clipNorm <= 1e6, "clip_norm", clipNorm, upToOne + "e6");
  }

  private static void checkBeta(double beta, String key) {
    checkRange(beta >= 0 && beta < 1, key, beta, "0 or more and less than 1");
  }
}
