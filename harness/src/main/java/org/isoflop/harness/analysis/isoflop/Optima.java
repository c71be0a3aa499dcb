package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Draws;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The optima of the budgets that have one, lowest budget first, with their draws: what every line,
 * local exponent and interval is made of.
 */
final class Optima {

  private static final double WINSOR = 2.5;
  private static final int DRAWN = 60;

  private final List<IsoFlopCurve> curves;
  private final List<LnOptimum> found;
  private final LnOptimum[][] draws;
  private final int freedom;
  private final double[] deviations;

  /**
   * Takes the optima.
   *
   * @param curves with a bottom inside their measured sizes, but for those about to be left out
   * @param draws one row a draw, one column a curve
   * @param freedom degrees of freedom behind the noise
   */
  Optima(List<IsoFlopCurve> curves, LnOptimum[][] draws, int freedom) {
    this.curves = List.copyOf(curves);
    this.draws = draws;
    this.freedom = freedom;
    found = curves.stream().map(LnOptimum::of).toList();
    deviations = IntStream.range(0, size()).mapToDouble(this::spread).toArray();
  }

  /** Returns draws of no optimum. */
  static Optima none(Resampling settings) {
    return new Optima(List.of(), new LnOptimum[settings.replicates()][0], 1);
  }

  /** Returns some of the optima, by their numbers. */
  Optima only(List<Integer> some) {
    return new Optima(
        some.stream().map(curves::get).toList(),
        Arrays.stream(draws)
            .map(row -> some.stream().map(k -> row[k]).toArray(LnOptimum[]::new))
            .toArray(LnOptimum[][]::new),
        freedom);
  }

  /** Returns the same optima with further scatter of ln N*, one row a draw. */
  Optima withScatter(double[][] scatter) {
    LnOptimum[][] moved = new LnOptimum[draws.length][size()];
    for (int k = 0; k < size(); k++) {
      double tokens = points(k).tokensSlope(bottom(k));
      double trade = points(k).tradeSlope(bottom(k));
      for (int r = 0; r < moved.length; r++) {
        double shift = scatter[r][k];
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

  /** Returns the optima. */
  List<LnOptimum> found() {
    return found;
  }

  /** Returns the optima of draw r. */
  LnOptimum[] draw(int r) {
    return draws[r];
  }

  /** Returns all points of budget k. */
  BudgetGroup group(int k) {
    return points(k).group();
  }

  private BudgetPoints points(int k) {
    return curves.get(k).points();
  }

  private double bottom(int k) {
    return points(k).x(found.get(k).lnParams());
  }

  /** Returns ln N* of all optima. */
  double[] lnParams() {
    return found.stream().mapToDouble(LnOptimum::lnParams).toArray();
  }

  /** Returns ln C of all optima. */
  double[] lnFlops() {
    return found.stream().mapToDouble(LnOptimum::lnFlops).toArray();
  }

  /** Returns the standard deviations of ln N*, of the middle 68% of the draws. */
  double[] deviations() {
    return deviations;
  }

  /** Returns the place on budget k with another ln N*. */
  LnOptimum along(int k, double lnParams) {
    return LnOptimum.at(points(k), points(k).x(lnParams), Double.NaN);
  }

  /**
   * Returns the optima of draw r for lines through several: each on its budget, no further from the
   * optimum than the measured sizes and two and a half standard deviations. A draw whose curve is
   * all but flat has its bottom anywhere, and would widen the line far more than the scatter of
   * such a budget's optimum does.
   */
  List<LnOptimum> bounded(int r) {
    return IntStream.range(0, size()).mapToObj(k -> bounded(k, draws[r][k].lnParams())).toList();
  }

  private LnOptimum bounded(int k, double drawn) {
    double lnParams = found.get(k).lnParams();
    double most = WINSOR * deviations[k];
    double low = Math.max(points(k).lnParams(points(k).lowest()), lnParams - most);
    double high = Math.min(points(k).lnParams(points(k).highest()), lnParams + most);
    return along(k, Double.isNaN(drawn) ? lnParams : Math.max(low, Math.min(high, drawn)));
  }

  private double spread(int k) {
    double[] values = Quantiles.bothWays(drawn(row -> row[k].lnParams()));
    double low = Quantiles.of(values, Quantiles.MINUS_ONE_SIGMA);
    double high = Quantiles.of(values, Quantiles.PLUS_ONE_SIGMA);
    double widest = points(k).highest() - points(k).lowest();
    return Double.isFinite(high - low) ? Math.min(widest, (high - low) / 2) : widest;
  }

  private double[] drawn(ToDoubleFunction<LnOptimum[]> quantity) {
    return Arrays.stream(draws).mapToDouble(quantity).toArray();
  }

  private Estimate estimate(int k, ToDoubleFunction<LnOptimum> quantity) {
    return new Draws(
            quantity.applyAsDouble(found.get(k)), drawn(row -> quantity.applyAsDouble(row[k])))
        .estimate();
  }

  /** Returns the share of draws whose bottom lies outside the measured sizes or that have none. */
  double lostShare(int k) {
    BudgetPoints points = points(k);
    return Arrays.stream(draws)
        .mapToDouble(row -> points.inside(points.x(row[k].lnParams())) ? 0 : 1)
        .average()
        .orElseThrow();
  }

  /**
   * Returns the optimum of budget k with its intervals.
   *
   * @param noise standard deviation of ln of the losses about the curves
   */
  Optimum optimum(int k, double noise) {
    IsoFlopCurve curve = curves.get(k);
    BudgetPoints points = curve.points();
    double loss = found.get(k).loss();
    double step = (points.highest() - points.lowest()) / DRAWN;
    return new Optimum(
        estimate(k, LnOptimum::lnParams).map(Math::exp),
        estimate(k, LnOptimum::lnTokens).map(Math::exp),
        Quantiles.estimate(
            loss, Arrays.stream(drawn(row -> row[k].loss())).filter(Double::isFinite).toArray()),
        LossPoint.bitsPerNat(points.points()).stream().map(bits -> bits * loss).findFirst(),
        curve.within(noise).map(x -> Math.exp(points.lnParams(x))),
        lostShare(k),
        IntStream.rangeClosed(0, DRAWN)
            .mapToDouble(i -> points.lowest() + step * i)
            .mapToObj(x -> new Optimum.CurvePoint(Math.exp(points.lnParams(x)), curve.lossAt(x)))
            .toList());
  }

  /** Returns the local exponents between optima k and k + 1. */
  LocalExponent between(int k) {
    return new LocalExponent(
        found.get(k).budget(),
        found.get(k + 1).budget(),
        2,
        new Exponents(slope(k, LnOptimum::lnParams), slope(k, LnOptimum::lnTokens)));
  }

  private Estimate slope(int k, ToDoubleFunction<LnOptimum> quantity) {
    ToDoubleFunction<LnOptimum[]> slope =
        row ->
            (quantity.applyAsDouble(row[k + 1]) - quantity.applyAsDouble(row[k]))
                / (row[k + 1].lnFlops() - row[k].lnFlops());
    return new Draws(slope.applyAsDouble(found.toArray(LnOptimum[]::new)), drawn(slope)).estimate();
  }
}
