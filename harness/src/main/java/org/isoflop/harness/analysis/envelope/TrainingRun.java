package org.isoflop.harness.analysis.envelope;

import java.util.List;
import java.util.Objects;

/**
 * The loss of one run on its way, from which the envelope is taken.
 *
 * @param lineage what it shares seed and data order with: stretches of one trunk have the same
 *     lineage, and are resampled together
 * @param params parameters, N as the convention counts them
 * @param flopsPerToken training FLOPs per token as the convention counts them, C/D
 * @param samples by tokens, which never fall; as logged or averaged
 */
public record TrainingRun(
    String lineage, double params, double flopsPerToken, List<Sample> samples) {

  /** Copies the samples; refuses counts that are not positive, and tokens that fall. */
  public TrainingRun {
    Objects.requireNonNull(lineage, "lineage");
    requirePositive("params", params);
    requirePositive("flopsPerToken", flopsPerToken);
    samples = List.copyOf(samples);
    for (int i = 1; i < samples.size(); i++) {
      if (samples.get(i).tokens() < samples.get(i - 1).tokens()) {
        throw new IllegalArgumentException("tokens fall at sample " + i + " of " + lineage);
      }
    }
  }

  /**
   * The loss at one place of a run.
   *
   * @param tokens training tokens seen, D
   * @param loss nats per token; all training losses, or all validation losses
   */
  public record Sample(double tokens, double loss) {

    /** Refuses what is not positive or not finite. */
    public Sample {
      requirePositive("tokens", tokens);
      requirePositive("loss", loss);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " must be positive, is " + value);
    }
  }
}
