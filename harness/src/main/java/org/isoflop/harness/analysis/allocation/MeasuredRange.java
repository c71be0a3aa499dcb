package org.isoflop.harness.analysis.allocation;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * What the points cover, and how far from it an answer lies.
 *
 * @param lowest the lowest measured budget, FLOPs
 * @param highest the highest measured budget, FLOPs
 * @param fewestTokensPerParam the smallest D/N of any point
 * @param mostTokensPerParam the largest D/N of any point
 */
public record MeasuredRange(
    double lowest, double highest, double fewestTokensPerParam, double mostTokensPerParam) {

  /** Closer to the range than this, in decades, is at its edge. */
  private static final double EDGE = 0.05;

  /**
   * Returns what some points cover.
   *
   * @param points at least one
   * @param frontier where there is one, its budgets count, which have an optimum; else all budgets
   */
  public static MeasuredRange of(List<LossPoint> points, Optional<EfficientFrontier> frontier) {
    return new MeasuredRange(
        frontier.map(EfficientFrontier::lowest).orElseGet(() -> least(points, LossPoint::budget)),
        frontier.map(EfficientFrontier::highest).orElseGet(() -> most(points, LossPoint::budget)),
        least(points, point -> point.tokens() / point.params()),
        most(points, point -> point.tokens() / point.params()));
  }

  private static double least(List<LossPoint> points, ToDoubleFunction<LossPoint> quantity) {
    return points.stream().mapToDouble(quantity).min().orElseThrow();
  }

  private static double most(List<LossPoint> points, ToDoubleFunction<LossPoint> quantity) {
    return points.stream().mapToDouble(quantity).max().orElseThrow();
  }

  /** Returns how far a budget lies outside, in decades: 0 within, negative below. */
  public double decadesBeyond(double budget) {
    return EfficientFrontier.decadesBeyond(budget, lowest, highest);
  }

  /** Returns the decades in words, such as {@code 1.3 decades beyond the measured budgets}. */
  static String words(double decadesBeyond) {
    if (decadesBeyond == 0) {
      return "inside the measured range";
    }
    if (Math.abs(decadesBeyond) < EDGE) {
      return "at the edge of the measured range";
    }
    return Quantities.format(
        "%.1f decades %s the measured budgets",
        Math.abs(decadesBeyond), decadesBeyond > 0 ? "beyond" : "below");
  }
}
