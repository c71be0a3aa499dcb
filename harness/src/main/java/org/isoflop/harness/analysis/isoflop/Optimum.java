package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * The bottom of one budget's curve.
 *
 * @param params N*, parameters
 * @param tokens D*, training tokens
 * @param loss at the optimum, nats per token
 * @param bitsPerByte the loss in bits per byte of text, where the points say it
 * @param paramsWithinNoise from the fewest to the most params, among those measured, whose loss by
 *     the curve is above the minimum by no more than one standard deviation of the noise
 * @param curve the fitted curve over the measured sizes, by params, for drawing
 */
public record Optimum(
    Estimate params,
    Estimate tokens,
    Estimate loss,
    OptionalDouble bitsPerByte,
    Interval paramsWithinNoise,
    List<CurvePoint> curve) {

  /** Copies the list. */
  public Optimum {
    curve = List.copyOf(curve);
  }

  /**
   * A place on the fitted curve.
   *
   * @param params N
   * @param loss nats per token
   */
  public record CurvePoint(double params, double loss) {}
}
