package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.points.LossPoint;

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

  /** Fewest different sizes that show a curve and its noise. */
  public static final int FEWEST_SIZES = BudgetPoints.FEWEST_SIZES;

  /** Copies the list, and refuses an optimum with a refusal, or neither. */
  public BudgetCurve {
    points = List.copyOf(points);
    if (optimum.isPresent() == refused.isPresent()) {
      throw new IllegalArgumentException("either an optimum or the reason there is none");
    }
  }
}
