package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.OptimaDraws.Draw;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * The optima of the budgets that have one, lowest budget first, with their draws: what every line,
 * local exponent and interval is made of.
 */
final class Optima {

  private static final double WINSOR = 2.5;
  private static final int DRAWN = 60;

  private final List<IsoFlopCurve> curves;
  private final double[] bottom;
  private final Draw[][] draws;
  private final int freedom;
  private final double[] deviation;

  /**
   * Takes the optima.
   *
   * @param curves with a bottom inside their measured sizes
   * @param draws one row a draw, one column a curve
   * @param freedom degrees of freedom behind the noise
   */
  Optima(List<IsoFlopCurve> curves, Draw[][] draws, int freedom) {
    this.curves = List.copyOf(curves);
    this.draws = draws;
    this.freedom = freedom;
    bottom = curves.stream().mapToDouble(IsoFlopCurve::bottom).toArray();
    deviation = IntStream.range(0, bottom.length).mapToDouble(this::spread).toArray();
  }

  /** Returns the same optima with further scatter of ln N*, one row a draw. */
  Optima withScatter(double[][] scatter) {
    Draw[][] moved = new Draw[draws.length][bottom.length];
    for (int r = 0; r < moved.length; r++) {
      for (int k = 0; k < bottom.length; k++) {
        double shift = scatter[r][k];
        double tokens = points(k).tokensSlope(bottom[k]);
        double trade = points(k).tradeSlope(bottom[k]);
        moved[r][k] = draws[r][k].moved(shift, shift * tokens, shift * (tokens - trade));
      }
    }
    return new Optima(curves, moved, freedom);
  }

  int size() {
    return curves.size();
  }

  int draws() {
    return draws.length;
  }

  int freedom() {
    return freedom;
  }

  private BudgetPoints points(int k) {
    return curves.get(k).points();
  }

  double budget(int k) {
    return points(k).flops();
  }

  double lnParams(int k) {
    return points(k).lnParams(bottom[k]);
  }

  double lnTokens(int k) {
    return lnTokensShifted(k, 0);
  }

  /** Returns ln C at the optimum, as the convention counts it. */
  double lnFlops(int k) {
    return lnFlopsShifted(k, 0);
  }

  double loss(int k) {
    return curves.get(k).lossAt(bottom[k]);
  }

  /** Returns ln N* of all optima. */
  double[] lnParams() {
    return IntStream.range(0, size()).mapToDouble(this::lnParams).toArray();
  }

  /** Returns ln C of all optima. */
  double[] lnFlops() {
    return IntStream.range(0, size()).mapToDouble(this::lnFlops).toArray();
  }

  /** Returns the standard deviation of ln N*, of the middle 68% of the draws. */
  double deviation(int k) {
    return deviation[k];
  }

  /** Returns optimum k of draw r. */
  Draw draw(int r, int k) {
    return draws[r][k];
  }

  /**
   * Returns how far draw r is from the optimum, in ln N*, no further than the measured sizes and
   * two and a half standard deviations: for lines through several optima. A draw whose curve is all
   * but flat has its bottom anywhere, and would widen the line far more than the scatter of such a
   * budget's optimum does.
   */
  double shift(int r, int k) {
    double shift = draws[r][k].lnParams() - lnParams(k);
    if (Double.isNaN(shift)) {
      return 0;
    }
    double low = points(k).lnParams(points(k).lowest()) - lnParams(k);
    double high = points(k).lnParams(points(k).highest()) - lnParams(k);
    double most = WINSOR * deviation[k];
    return Math.max(Math.max(low, -most), Math.min(Math.min(high, most), shift));
  }

  /** Returns ln D* for a shift of ln N* along the budget. */
  double lnTokensShifted(int k, double shift) {
    return points(k).lnTokens(bottom[k] + shift);
  }

  /** Returns ln C for a shift of ln N* along the budget. */
  double lnFlopsShifted(int k, double shift) {
    return points(k).lnFlops(bottom[k] + shift);
  }

  private double spread(int k) {
    double[] values = column(k, Draw::lnParams);
    double low = Quantiles.of(values, Quantiles.MINUS_ONE_SIGMA);
    double high = Quantiles.of(values, Quantiles.PLUS_ONE_SIGMA);
    double widest = points(k).highest() - points(k).lowest();
    return Double.isFinite(high - low) ? Math.min(widest, (high - low) / 2) : widest;
  }

  /** Returns a value of every draw; where it is not a number it counts to both sides by turns. */
  private double[] column(int k, ToDoubleFunction<Draw> value) {
    return Quantiles.bothWays(
        Arrays.stream(draws).mapToDouble(row -> value.applyAsDouble(row[k])).toArray());
  }

  private Estimate estimate(double value, int k, ToDoubleFunction<Draw> drawn) {
    return Quantiles.estimate(value, column(k, drawn));
  }

  /** Returns the share of draws whose bottom lies outside the measured sizes or that have none. */
  double lostShare(int k) {
    return lostShare(points(k), k, draws);
  }

  /** Returns the same of a column of draws. */
  static double lostShare(BudgetPoints points, int k, Draw[][] draws) {
    long lost =
        Arrays.stream(draws).filter(row -> !points.inside(points.x(row[k].lnParams()))).count();
    return (double) lost / draws.length;
  }

  /**
   * Returns the optimum of budget k with its intervals.
   *
   * @param noise standard deviation of ln of the losses about the curves
   */
  Optimum optimum(int k, OptionalDouble bitsPerByte, double noise) {
    double[] loss = Arrays.stream(column(k, Draw::loss)).filter(Double::isFinite).toArray();
    return new Optimum(
        estimate(lnParams(k), k, Draw::lnParams).map(Math::exp),
        estimate(lnTokens(k), k, Draw::lnTokens).map(Math::exp),
        Quantiles.estimate(loss(k), loss),
        bitsPerByte,
        curves.get(k).within(noise).map(x -> Math.exp(points(k).lnParams(x))),
        drawn(curves.get(k)));
  }

  private static List<Optimum.CurvePoint> drawn(IsoFlopCurve curve) {
    BudgetPoints points = curve.points();
    double low = points.lowest();
    double high = points.highest();
    return IntStream.rangeClosed(0, DRAWN)
        .mapToDouble(i -> low + (high - low) * i / DRAWN)
        .mapToObj(x -> new Optimum.CurvePoint(Math.exp(points.lnParams(x)), curve.lossAt(x)))
        .toList();
  }

  /** Returns the local exponents between optima k and k + 1. */
  LocalExponent between(int k) {
    return new LocalExponent(
        budget(k),
        budget(k + 1),
        2,
        new Exponents(
            slope(k, lnParams(k + 1) - lnParams(k), Draw::lnParams),
            slope(k, lnTokens(k + 1) - lnTokens(k), Draw::lnTokens)));
  }

  private Estimate slope(int k, double rise, ToDoubleFunction<Draw> quantity) {
    ToDoubleFunction<Draw[]> drawn =
        row ->
            (quantity.applyAsDouble(row[k + 1]) - quantity.applyAsDouble(row[k]))
                / (row[k + 1].lnFlops() - row[k].lnFlops());
    return Quantiles.estimate(
        rise / (lnFlops(k + 1) - lnFlops(k)),
        Quantiles.bothWays(Arrays.stream(draws).mapToDouble(drawn).toArray()));
  }
}
