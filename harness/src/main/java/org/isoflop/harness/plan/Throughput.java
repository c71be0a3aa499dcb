package org.isoflop.harness.plan;

import org.isoflop.models.DecoderConfig;

/** How fast the device at hand trains; the one measured quantity of a plan. */
@FunctionalInterface
public interface Throughput {

  /**
   * Returns the exact training FLOPs per second of one slot.
   *
   * @param decoder what is trained
   * @param passTokens tokens of one forward and backward pass
   */
  double flopsPerSecond(DecoderConfig decoder, int passTokens);

  /**
   * Returns the total parameters of the largest decoder whose speed is known; that of larger ones
   * is a guess.
   */
  default double largestMeasured() {
    return Double.POSITIVE_INFINITY;
  }
}
