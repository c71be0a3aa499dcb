package org.isoflop.harness.analysis;

import java.util.OptionalDouble;

/**
 * One trained model: what the analysis needs of it, and nothing it does not.
 *
 * @param budget FLOPs the point belongs to, C
 * @param params parameters, N
 * @param tokens training tokens seen, D
 * @param loss validation loss, nats per token
 * @param bitsPerByte the same loss in bits per byte of text, where the input says it
 * @param lineage the trunk whose seed and data order the point shares with others; its own where
 *     the input does not say
 */
public record LossPoint(
    double budget,
    double params,
    double tokens,
    double loss,
    OptionalDouble bitsPerByte,
    String lineage) {

  /** Refuses quantities whose logarithm the fits could not take. */
  public LossPoint {
    requirePositive("budget", budget);
    requirePositive("params", params);
    requirePositive("tokens", tokens);
    requirePositive("loss", loss);
    bitsPerByte.ifPresent(bits -> requirePositive("bitsPerByte", bits));
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite, not " + value);
    }
  }
}
