package org.isoflop.harness.analysis.isoflop;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.stats.Draws;

/**
 * What the optima say of any budget: exponents of all of them, of sliding windows and of the top of
 * the range, whether one line will do, and the compute-optimal allocation by the line through the
 * nearest half of the optima, at least three: local linear regression with a span of a half
 * (Cleveland 1979). Exponents drift with compute in every public set over several decades, so what
 * lies beyond the measured budgets is extrapolated from the slope next to it and not from that of
 * the whole range.
 */
public final class LocalFrontier implements EfficientFrontier {

  /** Distances in ln C that differ by less are one. */
  private static final double NO_NEARER = 1e-9;

  /** Of hundreds of budgets not every window is worth a line. */
  private static final int MOST_WINDOWS = 40;

  private final Optima optima;
  private final OptimaLine whole;
  private final List<OptimaLine> windows;
  private final Optional<LossFrontierFit> loss;

  /**
   * Fits the lines.
   *
   * @param optima at least three
   * @param loss at the optimum against compute, where it could be fitted
   */
  LocalFrontier(Optima optima, Optional<LossFrontierFit> loss) {
    this.optima = optima;
    this.loss = loss;
    int all = optima.size();
    int width = LocalExponent.window(all);
    whole = new OptimaLine(optima, 0, all);
    windows =
        IntStream.rangeClosed(0, all - width)
            .mapToObj(from -> new OptimaLine(optima, from, from + width))
            .toList();
  }

  /** Returns the exponents of the line through all optima. */
  public Exponents exponents() {
    return whole.exponents();
  }

  /** Returns the exponents of that line with the one of N* held at a value. */
  public Exponents holding(double a) {
    return whole.holding(a);
  }

  /** Returns the exponents over sliding windows of optima, lowest first; none where all are one. */
  public List<LocalExponent> windows() {
    return windows.size() < 2
        ? List.of()
        : PointSample.fromTop(windows, MOST_WINDOWS).stream().map(OptimaLine::local).toList();
  }

  /** Returns the exponents of the highest window: those to extrapolate from. */
  public LocalExponent top() {
    return windows.get(windows.size() - 1).local();
  }

  /** Returns whether one line describes the optima. */
  public LinearityTest linearity() {
    return LinearityTest.of(optima);
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

  /** Returns the line through all optima. */
  OptimaLine whole() {
    return whole;
  }

  /** Returns the line through the optima of a range of ln C, where it has enough of them. */
  Optional<OptimaLine> line(double low, double high) {
    double[] lnFlops = optima.lnFlops();
    int[] within =
        IntStream.range(0, lnFlops.length)
            .filter(k -> lnFlops[k] >= low && lnFlops[k] <= high)
            .toArray();
    return within.length < FrontierFit.FEWEST_BUDGETS
        ? Optional.empty()
        : Optional.of(new OptimaLine(optima, within[0], within[within.length - 1] + 1));
  }

  /** Returns loss at the optimum against compute, where it could be fitted. */
  Optional<LossFrontierFit> loss() {
    return loss;
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
