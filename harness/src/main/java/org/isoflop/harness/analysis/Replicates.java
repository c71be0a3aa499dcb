package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The refitted optima of every resample, and the intervals they give: percentile intervals, which
 * for a ratio such as a parabola's vertex lean to the side where the answer is less certain.
 *
 * <p>A resample can have no optimum at a budget. It then counts towards the edge of the measured
 * sizes that its minimum ran past, or towards both where it has no minimum, so an interval of N*
 * that reaches an edge says "that size, or beyond". Exponents leave that budget out of that
 * resample; where fewer than half of the resamples give an exponent, there is no interval, and so
 * no exponent.
 */
final class Replicates {

  /** Fewer resamples than this share, and an interval would describe the exceptions. */
  static final double FEWEST_SHARE = 0.5;

  private final List<CurveFit> curves;
  private final double[][] lnParams;
  private final double[][] losses;

  /**
   * Takes one row a replicate and one column a curve.
   *
   * @param lnParams ln N*; infinite where the minimum lies past the smallest or largest size, NaN
   *     where there is no minimum
   * @param losses at the optimum; NaN where there is none
   */
  Replicates(List<CurveFit> curves, double[][] lnParams, double[][] losses) {
    this.curves = curves;
    this.lnParams = lnParams;
    this.losses = losses;
  }

  List<CurveFit> curves() {
    return curves;
  }

  /** Returns how many replicates there are. */
  int size() {
    return lnParams.length;
  }

  /** Returns ln N* of curve k in replicate r; not finite where refused. */
  double lnParams(int r, int k) {
    return lnParams[r][k];
  }

  /** Returns the share of replicates without an optimum at curve k. */
  double refusedShare(int k) {
    long refused = IntStream.range(0, size()).filter(r -> !Double.isFinite(lnParams[r][k])).count();
    return (double) refused / size();
  }

  /** Returns the interval of ln N* at curve k, no wider than the measured sizes. */
  Interval lnParams(int k) {
    CurveFit curve = curves.get(k);
    return new Interval(
        Math.min(
            Quantiles.of(clamped(k, Double.NEGATIVE_INFINITY), Quantiles.LOW), curve.lnParams()),
        Math.max(
            Quantiles.of(clamped(k, Double.POSITIVE_INFINITY), Quantiles.HIGH), curve.lnParams()));
  }

  /**
   * Returns a standard deviation of ln N* at curve k, from the middle 68%, which tails leave be.
   */
  double deviation(int k) {
    double low = Quantiles.of(clamped(k, Double.NEGATIVE_INFINITY), Quantiles.MINUS_ONE_SIGMA);
    double high = Quantiles.of(clamped(k, Double.POSITIVE_INFINITY), Quantiles.PLUS_ONE_SIGMA);
    return (high - low) / 2;
  }

  private double[] clamped(int k, double withoutBottom) {
    CurveDesign design = curves.get(k).design();
    double[] values = new double[size()];
    for (int r = 0; r < values.length; r++) {
      double value = Double.isNaN(lnParams[r][k]) ? withoutBottom : lnParams[r][k];
      values[r] = Math.min(Math.max(value, design.lnSmallest()), design.lnLargest());
    }
    return values;
  }

  /** Returns the interval of the loss at the optimum of curve k. */
  Interval loss(int k) {
    double[] values =
        IntStream.range(0, size())
            .mapToDouble(r -> losses[r][k])
            .filter(Double::isFinite)
            .toArray();
    return Quantiles.interval(values, curves.get(k).curve().minimum());
  }

  /**
   * Returns the local exponents between curves k and k + 1, where half the replicates have them.
   */
  Optional<LocalExponent> local(int k) {
    CurveFit from = curves.get(k);
    CurveFit to = curves.get(k + 1);
    double run = to.lnFlops() - from.lnFlops();
    int[] both =
        IntStream.range(0, size())
            .filter(r -> Double.isFinite(lnParams[r][k]) && Double.isFinite(lnParams[r][k + 1]))
            .toArray();
    if (both.length < FEWEST_SHARE * size()) {
      return Optional.empty();
    }
    double[] a = new double[both.length];
    double[] b = new double[both.length];
    for (int i = 0; i < both.length; i++) {
      double low = lnParams[both[i]][k];
      double high = lnParams[both[i]][k + 1];
      a[i] = (high - low) / run;
      b[i] = (to.design().lnTokens(high) - from.design().lnTokens(low)) / run;
    }
    double slopeA = (to.lnParams() - from.lnParams()) / run;
    double slopeB = (to.lnTokens() - from.lnTokens()) / run;
    return Optional.of(
        new LocalExponent(
            from.group().flops(),
            to.group().flops(),
            slopeA,
            Quantiles.interval(a, slopeA),
            slopeB,
            Quantiles.interval(b, slopeB)));
  }
}
