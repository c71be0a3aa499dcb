package org.isoflop.harness.analysis.law;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * Loss points in the units the fit works in, so that its five numbers are all of order one and
 * hardly correlated: params and tokens as distances in ln from their means, losses as multiples of
 * their geometric mean. The raw coefficients A and B move by decades along the valley of equal
 * fits; the terms at the centre of the points do not.
 *
 * <p>A position is {ln of E, of A's term and of B's term at the centre, ln alpha, ln beta}. A
 * resample is a set of weights, in the same units.
 */
final class LawData {

  /** Numbers in a position. */
  static final int SIZE = 5;

  static final int E = 0;
  static final int A = 1;
  static final int B = 2;
  static final int ALPHA = 3;
  static final int BETA = 4;

  private static final Comparator<LossPoint> ANY_FIXED_ORDER =
      Comparator.comparingDouble(LossPoint::params)
          .thenComparingDouble(LossPoint::tokens)
          .thenComparingDouble(LossPoint::loss)
          .thenComparing(LossPoint::lineage);

  /** Mean ln N, mean ln D, and the geometric mean of the losses. */
  final double meanLnParams;

  final double meanLnTokens;
  final double meanLoss;

  /** Of every point: ln N, ln D and ln L less their means, and how often it counts. */
  final double[] lnParams;

  final double[] lnTokens;
  final double[] lnLoss;
  final double[] weights;

  private LawData(
      LawData frame, double[] lnParams, double[] lnTokens, double[] lnLoss, double[] weights) {
    this.meanLnParams = frame.meanLnParams;
    this.meanLnTokens = frame.meanLnTokens;
    this.meanLoss = frame.meanLoss;
    this.lnParams = lnParams;
    this.lnTokens = lnTokens;
    this.lnLoss = lnLoss;
    this.weights = weights;
  }

  /** Takes sorted points, each of weight one, in the units of their own means. */
  LawData(List<LossPoint> sorted) {
    lnParams = sorted.stream().mapToDouble(p -> Math.log(p.params())).toArray();
    lnTokens = sorted.stream().mapToDouble(p -> Math.log(p.tokens())).toArray();
    lnLoss = sorted.stream().mapToDouble(p -> Math.log(p.loss())).toArray();
    weights = new double[lnLoss.length];
    Arrays.fill(weights, 1);
    meanLnParams = centre(lnParams);
    meanLnTokens = centre(lnTokens);
    meanLoss = Math.exp(centre(lnLoss));
  }

  /** Returns the points in an order of their own, so that no result depends on the input's. */
  static List<LossPoint> sorted(List<LossPoint> points) {
    return points.stream().sorted(ANY_FIXED_ORDER).toList();
  }

  /** Takes the mean off the values, and returns it. */
  private static double centre(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    for (int i = 0; i < values.length; i++) {
      values[i] -= mean;
    }
    return mean;
  }

  /** Returns the points drawn, each weighted by how often. */
  LawData resampled(int[] counts) {
    int[] drawn = IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
    return new LawData(
        this,
        of(drawn, lnParams),
        of(drawn, lnTokens),
        of(drawn, lnLoss),
        Arrays.stream(drawn).mapToDouble(i -> counts[i]).toArray());
  }

  private static double[] of(int[] drawn, double[] values) {
    double[] kept = new double[drawn.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = values[drawn[i]];
    }
    return kept;
  }

  /** Returns the same sizes and tokens with other losses, given as ln of multiples of the mean. */
  LawData withLnLoss(double[] other) {
    return new LawData(this, lnParams, lnTokens, other, weights);
  }

  int size() {
    return lnLoss.length;
  }

  /** Returns the law at a position, in the units of the points. */
  Law law(double[] position) {
    double alpha = Math.exp(position[ALPHA]);
    double beta = Math.exp(position[BETA]);
    return new Law(
        meanLoss * Math.exp(position[E]),
        meanLoss * Math.exp(position[A] + alpha * meanLnParams),
        meanLoss * Math.exp(position[B] + beta * meanLnTokens),
        alpha,
        beta);
  }

  /** Returns the position of a law with positive A and B. */
  double[] position(Law law) {
    return new double[] {
      Math.log(law.e() / meanLoss),
      Math.log(law.a() / meanLoss) - law.alpha() * meanLnParams,
      Math.log(law.b() / meanLoss) - law.beta() * meanLnTokens,
      Math.log(law.alpha()),
      Math.log(law.beta())
    };
  }
}
