package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * One budget's points, prepared so that thousands of curves can be fitted to them: logarithms,
 * centred, and how tokens and compute follow the size along the budget.
 *
 * @param group the points, by params
 * @param centre mean ln N
 * @param tokensCentre mean ln D
 * @param xs ln N of every point, less the mean
 * @param ds ln D, likewise
 * @param losses nats per token
 * @param lnTokensOf ln D in x along the budget
 * @param lnFlopsPerToken ln of C/D in x
 */
@SuppressWarnings("ArrayRecordComponent") // columns of numbers, never compared
record BudgetPoints(
    BudgetGroup group,
    double centre,
    double tokensCentre,
    double[] xs,
    double[] ds,
    double[] losses,
    Quadratic lnTokensOf,
    Quadratic lnFlopsPerToken) {

  /** Sizes, or tokens, closer than this in logarithms count as one. */
  private static final double SAME = 1e-3;

  /** Takes points of a budget, whose course along it is known. */
  private static BudgetPoints of(
      BudgetGroup group,
      double centre,
      double tokensCentre,
      Quadratic lnTokensOf,
      Quadratic lnFlopsPerToken) {
    return new BudgetPoints(
        group,
        centre,
        tokensCentre,
        less(centre, logs(group.points(), LossPoint::params)),
        less(tokensCentre, logs(group.points(), LossPoint::tokens)),
        group.points().stream().mapToDouble(LossPoint::loss).toArray(),
        lnTokensOf,
        lnFlopsPerToken);
  }

  private static double[] less(double centre, double[] values) {
    return Arrays.stream(values).map(value -> value - centre).toArray();
  }

  /**
   * Prepares a budget, or says why its points cannot show an optimum: fewer than four sizes, or all
   * on one number of tokens.
   */
  static Fitted<BudgetPoints> of(BudgetGroup group) {
    List<LossPoint> points = group.points();
    int sizes = distinct(points, LossPoint::params);
    if (sizes < FrontierFit.FEWEST_SIZES) {
      return Fitted.refused(
          Quantities.format(
              "%d different size%s at %s FLOPs; a curve and its noise need at least %d.",
              sizes,
              sizes == 1 ? "" : "s",
              Quantities.flops(group.flops()),
              FrontierFit.FEWEST_SIZES));
    }
    if (oneTokenCount(points)) {
      return Fitted.refused(
          Quantities.format(
              "Every size at %s FLOPs saw the same %s tokens, so these runs do not trade params"
                  + " for tokens.",
              Quantities.flops(group.flops()), Quantities.count(points.get(0).tokens())));
    }
    double centre = mean(logs(points, LossPoint::params));
    double tokensCentre = mean(logs(points, LossPoint::tokens));
    return Fitted.of(along(group, centre, tokensCentre, points));
  }

  /** Prepares all budgets that can show an optimum, lowest first. */
  static List<BudgetPoints> all(List<LossPoint> points) {
    return BudgetGroup.of(points).stream().flatMap(group -> of(group).value().stream()).toList();
  }

  /** Takes tokens and compute along the budget from some of its points, of three sizes or more. */
  private static BudgetPoints along(
      BudgetGroup group, double centre, double tokensCentre, List<LossPoint> trusted) {
    double[] at = less(centre, logs(trusted, LossPoint::params));
    return of(
        group,
        centre,
        tokensCentre,
        Quadratic.fit(at, logs(trusted, LossPoint::tokens)),
        Quadratic.fit(at, logs(trusted, p -> p.flops() / p.tokens())));
  }

  /**
   * Returns the same points, with tokens and compute along the budget as only some of them have
   * them: a run that stopped early has a wrong number of tokens, too.
   */
  BudgetPoints alongOnly(boolean[] trusted) {
    List<LossPoint> some =
        IntStream.range(0, xs.length)
            .filter(i -> trusted[i])
            .mapToObj(i -> group.points().get(i))
            .toList();
    return distinct(some, LossPoint::params) < 3 ? this : along(group, centre, tokensCentre, some);
  }

  /** Returns the budget with some of its points, ascending, each as often as it is named. */
  BudgetPoints only(int[] points) {
    BudgetGroup some =
        new BudgetGroup(
            group.flops(), Arrays.stream(points).mapToObj(i -> group.points().get(i)).toList());
    return of(some, centre, tokensCentre, lnTokensOf, lnFlopsPerToken);
  }

  private static double[] logs(List<LossPoint> points, ToDoubleFunction<LossPoint> quantity) {
    return points.stream().mapToDouble(quantity).map(Math::log).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Returns how many different values, 0.1% apart, points have that are sorted by them. */
  static int distinct(List<LossPoint> sorted, ToDoubleFunction<LossPoint> quantity) {
    int distinct = 0;
    double last = 0;
    for (double value : sorted.stream().mapToDouble(quantity).toArray()) {
      if (Math.log(value / last) > SAME) {
        distinct++;
        last = value;
      }
    }
    return distinct;
  }

  /** Returns whether all points were trained on one number of tokens. */
  static boolean oneTokenCount(List<LossPoint> points) {
    double least = points.stream().mapToDouble(LossPoint::tokens).min().orElseThrow();
    double most = points.stream().mapToDouble(LossPoint::tokens).max().orElseThrow();
    return Math.log(most / least) <= SAME;
  }

  /** Says that the bottom of the curve lies outside the measured sizes, at x. */
  String outside(double x) {
    boolean below = x <= lowest();
    return Quantities.format(
        "The minimum at %s FLOPs lies %s the %s measured size, %s params; train %s ones.",
        Quantities.flops(flops()),
        below ? "below" : "above",
        below ? "smallest" : "largest",
        Quantities.count(below ? group.smallest() : group.largest()),
        below ? "smaller" : "larger");
  }

  /** Says that the curve has no bottom. */
  String noBottom() {
    return Quantities.format(
        "The curve at %s FLOPs opens downward or is flat, so it has no minimum.",
        Quantities.flops(flops()));
  }

  /** Returns the points, by params. */
  List<LossPoint> points() {
    return group.points();
  }

  /** Returns the budget, FLOPs. */
  double flops() {
    return group.flops();
  }

  /** Returns how many points there are. */
  int size() {
    return xs.length;
  }

  /** Returns how many different sizes there are. */
  int sizes() {
    return distinct(group.points(), LossPoint::params);
  }

  /** Returns ln N of a point, less the mean. */
  double x(int point) {
    return xs[point];
  }

  /** Returns ln D of a point, less the mean. */
  double d(int point) {
    return ds[point];
  }

  /** Returns the loss of a point, nats per token. */
  double loss(int point) {
    return losses[point];
  }

  double lowest() {
    return xs[0];
  }

  double highest() {
    return xs[xs.length - 1];
  }

  /** Returns whether x lies strictly inside the measured sizes; not where it is NaN. */
  boolean inside(double x) {
    return x > lowest() && x < highest();
  }

  /** Returns ln N at x. */
  double lnParams(double x) {
    return centre + x;
  }

  /** Returns x of ln N. */
  double x(double lnParams) {
    return lnParams - centre;
  }

  /**
   * Returns ln D at x along this budget, by the quadratic through the points. That is exact for D =
   * C/6N, follows exact FLOPs per token to about 0.1%, and smooths over whole numbers of steps.
   */
  double lnTokens(double x) {
    return lnTokensOf.at(x);
  }

  /** Returns ln D at x, less the mean. */
  double d(double x) {
    return lnTokensOf.at(x) - tokensCentre;
  }

  /** Returns d ln D / d ln N along the points. */
  double tokensSlope(double x) {
    return lnTokensOf.slope(x);
  }

  /**
   * Returns d ln D / d ln N at constant compute, as the convention counts it: −1 for C = 6ND,
   * whatever budget the points share.
   */
  double tradeSlope(double x) {
    return -lnFlopsPerToken.slope(x);
  }

  /** Returns ln C at x, as the convention counts it. */
  double lnFlops(double x) {
    return lnFlopsPerToken.at(x) + lnTokensOf.at(x);
  }
}
