package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * The optima of the budgets that have one, lowest budget first, with their draws: what every line,
 * local exponent and interval is made of.
 */
final class Optima {

  private static final double WINSOR = 2.5;
  private static final int DRAWN = 60;

  private final List<Bowl> bowls;
  private final int[] column;
  private final OptimaDraws draws;
  private final int freedom;
  private final double[] deviation;
  private final double[][] excess;

  /**
   * Takes the optima.
   *
   * @param bowls with a bottom inside their measured sizes
   * @param column of each in the draws
   * @param freedom degrees of freedom behind the noise
   */
  Optima(List<Bowl> bowls, int[] column, OptimaDraws draws, int freedom) {
    this(bowls, column, draws, freedom, new double[draws.size()][]);
  }

  private Optima(
      List<Bowl> bowls, int[] column, OptimaDraws draws, int freedom, double[][] excess) {
    this.bowls = List.copyOf(bowls);
    this.column = column.clone();
    this.draws = draws;
    this.freedom = freedom;
    this.excess = excess;
    deviation = new double[column.length];
    for (int k = 0; k < deviation.length; k++) {
      deviation[k] = spread(k);
    }
  }

  /** Returns the same optima with further scatter, one row a draw, in ln N*. */
  Optima withScatter(double[][] scatter) {
    return new Optima(bowls, column, draws, freedom, scatter);
  }

  int size() {
    return bowls.size();
  }

  int draws() {
    return draws.size();
  }

  int freedom() {
    return freedom;
  }

  Bowl bowl(int k) {
    return bowls.get(k);
  }

  double budget(int k) {
    return bowls.get(k).curve().group().flops();
  }

  double lnParams(int k) {
    return bowls.get(k).curve().lnParams(bowls.get(k).bottom());
  }

  double lnTokens(int k) {
    return bowls.get(k).curve().lnTokens(bowls.get(k).bottom());
  }

  /** Returns ln C at the optimum, as the convention counts it. */
  double lnFlops(int k) {
    return bowls.get(k).curve().lnFlops(bowls.get(k).bottom());
  }

  double loss(int k) {
    return bowls.get(k).lossAt(bowls.get(k).bottom());
  }

  /** Returns the standard deviation of ln N*, of the middle 68% of the draws. */
  double deviation(int k) {
    return deviation[k];
  }

  /** Returns ln N* of draw r; infinite or NaN where the draw has no optimum. */
  double lnParams(int r, int k) {
    return draws.lnParams(r, column[k]) + extra(r, k);
  }

  double lnTokens(int r, int k) {
    return draws.lnTokens(r, column[k]) + extra(r, k) * tokensSlope(k);
  }

  double lnFlops(int r, int k) {
    Curve curve = bowls.get(k).curve();
    double trade = curve.tradeSlope(bowls.get(k).bottom());
    return draws.lnFlops(r, column[k]) + extra(r, k) * (tokensSlope(k) - trade);
  }

  double loss(int r, int k) {
    return draws.loss(r, column[k]);
  }

  private double extra(int r, int k) {
    return excess[r] == null ? 0 : excess[r][k];
  }

  private double tokensSlope(int k) {
    return bowls.get(k).curve().tokensSlope(bowls.get(k).bottom());
  }

  /**
   * Returns how far draw r is from the optimum, in ln N*, no further than the measured sizes and
   * two and a half standard deviations: for lines through several optima. A draw whose curve is all
   * but flat has its bottom anywhere, and would widen the line far more than the scatter of such a
   * budget's optimum does.
   */
  double shift(int r, int k) {
    double shift = lnParams(r, k) - lnParams(k);
    if (Double.isNaN(shift)) {
      return 0;
    }
    Curve curve = bowls.get(k).curve();
    double low = curve.lnParams(curve.lowest()) - lnParams(k);
    double high = curve.lnParams(curve.highest()) - lnParams(k);
    double most = WINSOR * deviation[k];
    return Math.max(Math.max(low, -most), Math.min(Math.min(high, most), shift));
  }

  /** Returns ln D* for a shift of ln N* along the curve. */
  double lnTokensShifted(int k, double shift) {
    return bowls.get(k).curve().lnTokens(bowls.get(k).bottom() + shift);
  }

  /** Returns ln C for a shift of ln N* along the curve. */
  double lnFlopsShifted(int k, double shift) {
    return bowls.get(k).curve().lnFlops(bowls.get(k).bottom() + shift);
  }

  private double spread(int k) {
    double[] values = column(r -> lnParams(r, k));
    double low = Quantiles.of(values, Quantiles.MINUS_ONE_SIGMA);
    double high = Quantiles.of(values, Quantiles.PLUS_ONE_SIGMA);
    Curve curve = bowls.get(k).curve();
    double widest = curve.highest() - curve.lowest();
    return Double.isFinite(high - low) ? Math.min(widest, (high - low) / 2) : widest;
  }

  /** Returns a value of every draw; where it is not a number it counts to both sides by turns. */
  private double[] column(IntToDoubleFunction value) {
    return Quantiles.bothWays(IntStream.range(0, draws.size()).mapToDouble(value).toArray());
  }

  /** Returns the share of draws whose bottom lies outside the measured sizes or that have none. */
  double lostShare(int k) {
    Curve curve = bowls.get(k).curve();
    long lost =
        IntStream.range(0, draws.size())
            .mapToDouble(r -> curve.x(lnParams(r, k)))
            .filter(x -> !(x > curve.lowest() && x < curve.highest()))
            .count();
    return (double) lost / draws.size();
  }

  /**
   * Returns the optimum of budget k with its intervals.
   *
   * @param noise standard deviation of ln of the losses about the curves
   */
  Optimum optimum(int k, OptionalDouble bitsPerByte, double noise) {
    double[] loss = Arrays.stream(column(r -> loss(r, k))).filter(Double::isFinite).toArray();
    return new Optimum(
        estimate(lnParams(k), r -> lnParams(r, k)).map(Math::exp),
        estimate(lnTokens(k), r -> lnTokens(r, k)).map(Math::exp),
        Quantiles.estimate(loss(k), loss),
        bitsPerByte,
        bowls.get(k).within(noise).map(x -> Math.exp(bowls.get(k).curve().lnParams(x))),
        drawn(bowls.get(k)));
  }

  private static List<Optimum.CurvePoint> drawn(Bowl bowl) {
    Curve curve = bowl.curve();
    double low = curve.lowest();
    double high = curve.highest();
    return IntStream.rangeClosed(0, DRAWN)
        .mapToDouble(i -> low + (high - low) * i / DRAWN)
        .mapToObj(x -> new Optimum.CurvePoint(Math.exp(curve.lnParams(x)), bowl.lossAt(x)))
        .toList();
  }

  /** Returns the local exponents between optima k and k + 1. */
  LocalExponent between(int k) {
    double run = lnFlops(k + 1) - lnFlops(k);
    Estimate a =
        estimate(
            (lnParams(k + 1) - lnParams(k)) / run,
            r -> (lnParams(r, k + 1) - lnParams(r, k)) / (lnFlops(r, k + 1) - lnFlops(r, k)));
    Estimate b =
        estimate(
            (lnTokens(k + 1) - lnTokens(k)) / run,
            r -> (lnTokens(r, k + 1) - lnTokens(r, k)) / (lnFlops(r, k + 1) - lnFlops(r, k)));
    return new LocalExponent(budget(k), budget(k + 1), 2, new Exponents(a, b));
  }

  private Estimate estimate(double value, IntToDoubleFunction draw) {
    return Quantiles.estimate(value, column(draw));
  }
}
