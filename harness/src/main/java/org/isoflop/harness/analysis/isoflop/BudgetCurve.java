package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * The points of one budget and what they say; exactly one of optimum and refusal is there.
 *
 * @param budget FLOPs, C
 * @param points the points, by params
 * @param bracketed whether the lowest point lies strictly between the smallest and largest N
 * @param optimum the bottom of the curve, where it could be found
 * @param refused one sentence that says why there is no optimum
 */
public record BudgetCurve(
    double budget,
    List<LossPoint> points,
    boolean bracketed,
    Optional<Optimum> optimum,
    Optional<String> refused) {

  /** Copies the list, and refuses an optimum with a refusal, or neither. */
  public BudgetCurve {
    points = List.copyOf(points);
    if (optimum.isPresent() == refused.isPresent()) {
      throw new IllegalArgumentException("either an optimum or the reason there is none");
    }
  }

  /** Returns the same with only some of its points, for drawing. */
  public BudgetCurve withPoints(List<LossPoint> some) {
    return new BudgetCurve(budget, some, bracketed, optimum, refused);
  }

  /**
   * The bottom of one budget's curve.
   *
   * @param params N*, parameters
   * @param tokens D*, training tokens
   * @param loss at the optimum, nats per token
   * @param bitsPerByte the loss in bits per byte of text, where the points say it
   * @param paramsWithinNoise from the fewest to the most params, among those measured, whose loss
   *     by the curve is above the minimum by no more than one standard deviation of the noise
   * @param lostShare of the draws that have no bottom inside the measured sizes
   * @param curve the fitted curve over the measured sizes, by params, for drawing
   */
  public record Optimum(
      Estimate params,
      Estimate tokens,
      Estimate loss,
      OptionalDouble bitsPerByte,
      Interval paramsWithinNoise,
      double lostShare,
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
}
