package org.isoflop.harness.analysis.isoflop;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.stats.Draws;

/**
 * The compute-optimal allocation at any budget by the line through the nearest half of the optima,
 * at least three: local linear regression with a span of a half (Cleveland 1979). Exponents drift
 * with compute in every public set over several decades, so what lies beyond the measured budgets
 * is extrapolated from the slope next to it and not from that of the whole range.
 *
 * @param optima at least three
 * @param whole the line through all of them
 * @param windows the lines through neighbouring ones, lowest first; at least one
 * @param loss at the optimum against compute, where it could be fitted
 */
record LocalFrontier(
    Optima optima, OptimaLine whole, List<OptimaLine> windows, Optional<LossFrontierFit> loss)
    implements EfficientFrontier {

  /** Distances in ln C that differ by less are one. */
  private static final double NO_NEARER = 1e-9;

  /** Fits the lines. */
  static LocalFrontier of(Optima optima, Optional<LossFrontierFit> loss) {
    int all = optima.size();
    int width = Math.max(ParabolaFit.FEWEST_BUDGETS, (all + 1) / 2);
    return new LocalFrontier(
        optima,
        new OptimaLine(optima, 0, all),
        IntStream.rangeClosed(0, all - width)
            .mapToObj(from -> new OptimaLine(optima, from, from + width))
            .toList(),
        loss);
  }

  /** Returns the exponents of the highest window. */
  LocalExponent top() {
    return windows.get(windows.size() - 1).local();
  }

  @Override
  public FrontierPoint at(double budget) {
    double lnFlops = Math.log(budget);
    OptimaLine window = window(lnFlops);
    return new FrontierPoint(
        budget,
        window.lnParamsAt(lnFlops).estimate().map(Math::exp),
        window.lnTokensAt(lnFlops).estimate().map(Math::exp),
        loss.flatMap(found -> found.at(lnFlops)).map(Draws::estimate),
        window.exponents(),
        decadesBeyond(budget));
  }

  /**
   * Returns the line through the window whose furthest optimum is nearest. Of two windows about a
   * measured budget it is the lower one, not the one that rounding makes nearer.
   */
  OptimaLine window(double lnFlops) {
    return windows.stream()
        .min(Comparator.comparingDouble(window -> Math.rint(window.furthest(lnFlops) / NO_NEARER)))
        .orElseThrow();
  }

  @Override
  public double lowest() {
    return Math.exp(optima.found().get(0).lnFlops());
  }

  @Override
  public double highest() {
    return Math.exp(optima.found().get(optima.size() - 1).lnFlops());
  }
}
