package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.stats.Draws;

/**
 * The compute-optimal allocation at any budget by the line through the nearest half of the optima,
 * at least three: local linear regression with a span of a half (Cleveland 1979). Exponents drift
 * with compute in every public set over several decades, so what lies beyond the measured budgets
 * is extrapolated from the slope next to it and not from that of the whole range.
 */
final class LocalFrontier implements EfficientFrontier {

  private final Optima optima;
  private final OptimaLine[] windows;
  private final Optional<LossFrontierFit> loss;

  /**
   * Takes at least three optima.
   *
   * @param loss at the optimum against compute, where it could be fitted
   */
  LocalFrontier(Optima optima, Optional<LossFrontierFit> loss) {
    this.optima = optima;
    this.loss = loss;
    int width = width(optima.size());
    windows =
        IntStream.rangeClosed(0, optima.size() - width)
            .mapToObj(from -> new OptimaLine(optima, from, width))
            .toArray(OptimaLine[]::new);
  }

  /** Returns how many optima a window holds. */
  static int width(int optima) {
    return Math.max(ParabolaFit.FEWEST_BUDGETS, (optima + 1) / 2);
  }

  /** Returns the lines through the windows, lowest first; at least one. */
  List<OptimaLine> windows() {
    return List.of(windows);
  }

  /** Returns the exponents of the highest window. */
  LocalExponent top() {
    return windows[windows.length - 1].local();
  }

  @Override
  public FrontierPoint at(double budget) {
    double lnFlops = Math.log(budget);
    OptimaLine window = window(lnFlops);
    double beyond = EfficientFrontier.decadesBeyond(budget, lowest(), highest());
    return new FrontierPoint(
        budget,
        window.lnParamsAt(lnFlops).estimate().map(Math::exp),
        window.lnTokensAt(lnFlops).estimate().map(Math::exp),
        loss.flatMap(found -> found.at(lnFlops)).map(Draws::estimate),
        window.exponents(),
        beyond);
  }

  /** Returns the line through the window whose furthest optimum is nearest. */
  OptimaLine window(double lnFlops) {
    return windows[nearest(lnFlops)];
  }

  private int nearest(double lnFlops) {
    int width = width(optima.size());
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int from = 0; from < windows.length; from++) {
      double furthest =
          Math.max(
              Math.abs(lnFlops - optima.lnFlops(from)),
              Math.abs(optima.lnFlops(from + width - 1) - lnFlops));
      if (furthest < least) {
        least = furthest;
        best = from;
      }
    }
    return best;
  }

  @Override
  public double lowest() {
    return Math.exp(optima.lnFlops(0));
  }

  @Override
  public double highest() {
    return Math.exp(optima.lnFlops(optima.size() - 1));
  }
}
