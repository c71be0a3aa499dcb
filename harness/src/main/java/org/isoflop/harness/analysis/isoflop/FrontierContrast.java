package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.stats.Draws;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * How the compute-optimal frontiers of two sweeps differ: exponents, splits and losses at a budget,
 * and the compute that each needs for the same loss.
 *
 * <p>Every quantity is a function of a sweep's optima, and its draws are those behind the intervals
 * of the sweep alone. The draws of the two sweeps meet in random order: <b>the errors of one sweep
 * are taken to be independent of the other's</b>. For normal noise of unknown size that is the
 * Behrens-Fisher interval, a little wide where sweeps are small. Sweeps that share seeds, data
 * order or trunks have some of their errors in common, which cancels in a difference, so that
 * theirs are too wide rather than too narrow.
 */
public final class FrontierContrast {

  /** Optima so little outside a range, in ln C, are at its end: exact FLOPs differ that much. */
  private static final double EDGE = 0.1;

  /** Equal losses that are drawn. */
  private static final int DRAWN = 25;

  private final Side baseline;
  private final Side other;

  /**
   * Takes two sweeps that have exponents.
   *
   * @param baselineUnit what the losses of the first are multiplied by before they are compared
   * @param otherUnit the same of the second
   */
  public FrontierContrast(
      RobustIsoFlop baseline, double baselineUnit, RobustIsoFlop other, double otherUnit) {
    this.baseline = new Side(baseline.frontier().value().orElseThrow(), baselineUnit);
    this.other = new Side(other.frontier().value().orElseThrow(), otherUnit);
  }

  /** One sweep, and what its losses are multiplied by. */
  private record Side(LocalFrontier frontier, double unit) {

    Optional<Draws> lnLoss(double lnFlops) {
      return frontier
          .loss()
          .flatMap(found -> found.at(lnFlops))
          .map(found -> found.map(loss -> Math.log(unit * loss)));
    }

    private LossFrontierFit loss() {
      return frontier.loss().orElseThrow();
    }

    LossRange losses() {
      return new LossRange(unit * loss().lowest(), unit * loss().first());
    }

    Draws lnFlops(double loss) {
      return loss().lnFlopsAt(loss / unit);
    }
  }

  /**
   * A quantity of both.
   *
   * @param change the second less the first of exponents, over the first of all else
   */
  public record Pair(Estimate baseline, Estimate other, Estimate change) {

    /** Returns the same with a ratio as a relative difference. */
    public Pair relative() {
      return new Pair(baseline, other, change.map(ratio -> ratio - 1));
    }

    private static Pair difference(Draws baseline, Draws other) {
      return new Pair(
          baseline.estimate(),
          other.estimate(),
          other.with(baseline, (its, base) -> its - base).estimate());
    }

    /** Takes logarithms. */
    private static Pair ratio(Draws lnBaseline, Draws lnOther) {
      Pair ln = difference(lnBaseline, lnOther);
      return new Pair(
          ln.baseline.map(Math::exp), ln.other.map(Math::exp), ln.change.map(Math::exp));
    }
  }

  /**
   * Exponents of both.
   *
   * @param common whether the optima are those of the budgets that both have measured, or all
   * @param a of N*
   * @param b of D*
   */
  public record Slopes(boolean common, Pair a, Pair b) {}

  /**
   * The compute-optimal allocations of both at one budget.
   *
   * @param budget FLOPs
   * @param baselineBeyond how far that lies outside what the first has measured, in decades;
   *     negative below
   * @param otherBeyond the same of the second
   * @param params N*
   * @param tokens D*
   * @param loss in the unit of comparison, where loss follows compute
   */
  public record Split(
      double budget,
      double baselineBeyond,
      double otherBeyond,
      Pair params,
      Pair tokens,
      Optional<Pair> loss) {

    /** Returns the same where losses cannot be compared. */
    public Split withoutLoss() {
      return new Split(budget, baselineBeyond, otherBeyond, params, tokens, Optional.empty());
    }
  }

  /**
   * The compute that both need for one loss.
   *
   * @param loss in the unit of comparison
   * @param baseline FLOPs of the first, C_A
   * @param other FLOPs of the second, C_B
   * @param gain compute-equivalent gain of the second over the first, C_A/C_B
   */
  public record EqualLoss(double loss, Estimate baseline, Estimate other, Estimate gain) {}

  /**
   * Losses that lie within the measured range of both.
   *
   * @param low the lowest, which takes the most compute
   * @param high the highest
   */
  public record LossRange(double low, double high) {}

  /** Returns the exponents over all optima and, where others are fewer, over the common budgets. */
  public List<Slopes> slopes() {
    List<Slopes> found = new ArrayList<>();
    found.add(slopes(false, baseline.frontier().whole(), other.frontier().whole()));
    double low = Math.log(lowest()) - EDGE;
    double high = Math.log(highest()) + EDGE;
    if (!sameRange()) {
      baseline
          .frontier()
          .line(low, high)
          .flatMap(one -> other.frontier().line(low, high).map(two -> slopes(true, one, two)))
          .ifPresent(found::add);
    }
    return found;
  }

  private static Slopes slopes(boolean common, OptimaLine one, OptimaLine two) {
    return new Slopes(common, Pair.difference(one.a(), two.a()), Pair.difference(one.b(), two.b()));
  }

  /** Returns whether both have measured the very same range of budgets. */
  public boolean sameRange() {
    return Math.log(common(EfficientFrontier::highest, Math::max) / highest()) < EDGE
        && Math.log(lowest() / common(EfficientFrontier::lowest, Math::min)) < EDGE;
  }

  /** Returns the lowest budget that both have measured, FLOPs; above the highest if none is. */
  public double lowest() {
    return common(EfficientFrontier::lowest, Math::max);
  }

  /** Returns the highest budget that both have measured, FLOPs. */
  public double highest() {
    return common(EfficientFrontier::highest, Math::min);
  }

  private double common(ToDoubleFunction<EfficientFrontier> end, DoubleBinaryOperator of) {
    return of.applyAsDouble(
        end.applyAsDouble(baseline.frontier()), end.applyAsDouble(other.frontier()));
  }

  /** Returns the splits at a budget in FLOPs. */
  public Split at(double budget) {
    double lnFlops = Math.log(budget);
    OptimaLine one = baseline.frontier().window(lnFlops);
    OptimaLine two = other.frontier().window(lnFlops);
    return new Split(
        budget,
        baseline.frontier().decadesBeyond(budget),
        other.frontier().decadesBeyond(budget),
        Pair.ratio(one.lnParamsAt(lnFlops), two.lnParamsAt(lnFlops)),
        Pair.ratio(one.lnTokensAt(lnFlops), two.lnTokensAt(lnFlops)),
        baseline
            .lnLoss(lnFlops)
            .flatMap(its -> other.lnLoss(lnFlops).map(others -> Pair.ratio(its, others))));
  }

  /**
   * Returns the losses that both have measured, where there are any: loss against compute must be
   * known of each.
   */
  public Optional<LossRange> commonLosses() {
    double low = Math.max(baselineLosses().low(), otherLosses().low());
    double high = Math.min(baselineLosses().high(), otherLosses().high());
    return low < high ? Optional.of(new LossRange(low, high)) : Optional.empty();
  }

  /** Returns the losses at the optima of the first, from that of the lowest budget down. */
  public LossRange baselineLosses() {
    return baseline.losses();
  }

  /** Returns the losses at the optima of the second. */
  public LossRange otherLosses() {
    return other.losses();
  }

  /**
   * Returns what both need for losses that both have measured, evenly spaced in their logarithm,
   * the lowest loss first.
   */
  public List<EqualLoss> equalLosses(LossRange range) {
    double ratio = range.high() / range.low();
    return IntStream.range(0, DRAWN)
        .mapToDouble(i -> range.low() * Math.pow(ratio, i / (DRAWN - 1.0)))
        .mapToObj(this::equalLoss)
        .toList();
  }

  private EqualLoss equalLoss(double loss) {
    Draws one = baseline.lnFlops(loss);
    Draws two = other.lnFlops(loss);
    return new EqualLoss(
        loss,
        one.estimate().map(Math::exp),
        two.estimate().map(Math::exp),
        one.with(two, (base, its) -> base - its).estimate().map(Math::exp));
  }
}
