package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * One budget's points, prepared so that thousands of bowls can be fitted over them: logarithms,
 * centred, and how tokens and compute follow the size along the budget.
 */
final class Curve {

  /** Three coefficients and one degree of freedom to see the noise with. */
  static final int FEWEST_SIZES = 4;

  /** Sizes, or tokens, closer than this in logarithms count as one. */
  private static final double SAME = 1e-3;

  private final BudgetGroup group;
  private final double centre;
  private final double tokensCentre;
  private final double[] x;
  private final double[] d;
  private final double[] loss;
  private final Quadratic lnTokens;
  private final Quadratic lnFlopsPerToken;

  /**
   * Prepares a budget, or says why its points cannot show an optimum: fewer than four sizes, or all
   * on one number of tokens.
   */
  static Fitted<Curve> of(BudgetGroup group) {
    int sizes = distinct(group.points());
    if (sizes < FEWEST_SIZES) {
      return Fitted.refused(
          Quantities.format(
              "%d different size%s at %s FLOPs; a curve and its noise need at least %d.",
              sizes, sizes == 1 ? "" : "s", Quantities.flops(group.flops()), FEWEST_SIZES));
    }
    if (oneTokenCount(group.points())) {
      return Fitted.refused(
          Quantities.format(
              "Every size at %s FLOPs saw the same %s tokens, so these runs do not trade params"
                  + " for tokens.",
              Quantities.flops(group.flops()), Quantities.count(group.points().get(0).tokens())));
    }
    return Fitted.of(new Curve(group));
  }

  /** Returns how many sizes these points, sorted by params, have. */
  static int distinct(List<LossPoint> points) {
    int sizes = 1;
    double last = points.get(0).params();
    for (LossPoint point : points) {
      if (Math.log(point.params() / last) > SAME) {
        sizes++;
        last = point.params();
      }
    }
    return sizes;
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
        Quantities.flops(group.flops()),
        below ? "below" : "above",
        below ? "smallest" : "largest",
        Quantities.count(below ? group.smallest() : group.largest()),
        below ? "smaller" : "larger");
  }

  /** Says that the curve has no bottom. */
  String noBottom() {
    return Quantities.format(
        "The curve at %s FLOPs opens downward or is flat, so it has no minimum.",
        Quantities.flops(group.flops()));
  }

  /** Prepares a budget of at least three different sizes. */
  private Curve(BudgetGroup group) {
    this.group = group;
    List<LossPoint> points = group.points();
    double[] lnParams = logs(points, LossPoint::params);
    double[] tokens = logs(points, LossPoint::tokens);
    centre = Arrays.stream(lnParams).average().orElseThrow();
    tokensCentre = Arrays.stream(tokens).average().orElseThrow();
    x = Arrays.stream(lnParams).map(v -> v - centre).toArray();
    d = Arrays.stream(tokens).map(v -> v - tokensCentre).toArray();
    loss = points.stream().mapToDouble(LossPoint::loss).toArray();
    lnTokens = Quadratic.fit(x, tokens);
    lnFlopsPerToken = Quadratic.fit(x, logs(points, p -> p.flops() / p.tokens()));
  }

  private Curve(Curve same, Quadratic lnTokens, Quadratic lnFlopsPerToken) {
    group = same.group;
    centre = same.centre;
    tokensCentre = same.tokensCentre;
    x = same.x;
    d = same.d;
    loss = same.loss;
    this.lnTokens = lnTokens;
    this.lnFlopsPerToken = lnFlopsPerToken;
  }

  /**
   * Returns the same points, with tokens and compute along the budget as only some of them have
   * them: a run that stopped early has a wrong number of tokens, too.
   */
  Curve alongOnly(boolean[] trusted) {
    int[] some = IntStream.range(0, x.length).filter(i -> trusted[i]).toArray();
    Curve part = only(some);
    if (distinct(part.group.points()) < 3) {
      return this;
    }
    double[] tokens = Arrays.stream(part.d).map(v -> v + tokensCentre).toArray();
    double[] rates = logs(part.group.points(), p -> p.flops() / p.tokens());
    return new Curve(this, Quadratic.fit(part.x, tokens), Quadratic.fit(part.x, rates));
  }

  private Curve(Curve whole, int[] points) {
    group =
        new BudgetGroup(
            whole.group.flops(),
            Arrays.stream(points).mapToObj(i -> whole.group.points().get(i)).toList());
    centre = whole.centre;
    tokensCentre = whole.tokensCentre;
    x = Arrays.stream(points).mapToDouble(i -> whole.x[i]).toArray();
    d = Arrays.stream(points).mapToDouble(i -> whole.d[i]).toArray();
    loss = Arrays.stream(points).mapToDouble(i -> whole.loss[i]).toArray();
    lnTokens = whole.lnTokens;
    lnFlopsPerToken = whole.lnFlopsPerToken;
  }

  /** Returns the curve of some of these points, ascending, each as often as it is named. */
  Curve only(int[] points) {
    return new Curve(this, points);
  }

  private static double[] logs(List<LossPoint> points, ToDoubleFunction<LossPoint> quantity) {
    return points.stream().mapToDouble(quantity).map(Math::log).toArray();
  }

  BudgetGroup group() {
    return group;
  }

  /** Returns how many points there are. */
  int size() {
    return x.length;
  }

  /** Returns ln N of a point, less the mean. */
  double x(int point) {
    return x[point];
  }

  /** Returns ln D of a point, less the mean. */
  double d(int point) {
    return d[point];
  }

  /** Returns the loss of a point, nats per token. */
  double loss(int point) {
    return loss[point];
  }

  double lowest() {
    return x[0];
  }

  double highest() {
    return x[x.length - 1];
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
    return lnTokens.at(x);
  }

  /** Returns ln D at x, less the mean. */
  double d(double x) {
    return lnTokens.at(x) - tokensCentre;
  }

  /** Returns d ln D / d ln N along the points. */
  double tokensSlope(double x) {
    return lnTokens.slope(x);
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
    return lnFlopsPerToken.at(x) + lnTokens.at(x);
  }
}
