package org.isoflop.harness.analysis.law;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * Loss points as arrays the fit can run over without allocating: logarithms taken once, centred,
 * and with a weight a point, so that a resample is a set of weights.
 */
final class LawData {

  private static final Comparator<LossPoint> ANY_FIXED_ORDER =
      Comparator.comparingDouble(LossPoint::params)
          .thenComparingDouble(LossPoint::tokens)
          .thenComparingDouble(LossPoint::loss)
          .thenComparing(LossPoint::lineage);

  private final Frame frame;
  private final double[] params;
  private final double[] tokens;
  private final double[] lnLoss;
  private final double[] weights;

  private LawData(
      Frame frame, double[] params, double[] tokens, double[] lnLoss, double[] weights) {
    this.frame = frame;
    this.params = params;
    this.tokens = tokens;
    this.lnLoss = lnLoss;
    this.weights = weights;
  }

  /** Returns the points in an order of their own, so that no result depends on the input's. */
  static List<LossPoint> sorted(List<LossPoint> points) {
    return points.stream().sorted(ANY_FIXED_ORDER).toList();
  }

  /** Returns sorted points, each of weight one, in the frame of their own means. */
  static LawData of(List<LossPoint> sorted) {
    double[] params = sorted.stream().mapToDouble(p -> Math.log(p.params())).toArray();
    double[] tokens = sorted.stream().mapToDouble(p -> Math.log(p.tokens())).toArray();
    double[] lnLoss = sorted.stream().mapToDouble(p -> Math.log(p.loss())).toArray();
    Frame frame = new Frame(centre(params), centre(tokens), Math.exp(centre(lnLoss)));
    double[] weights = new double[lnLoss.length];
    Arrays.fill(weights, 1);
    return new LawData(frame, params, tokens, lnLoss, weights);
  }

  /** Takes the mean off the values, and returns it. */
  private static double centre(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    for (int i = 0; i < values.length; i++) {
      values[i] -= mean;
    }
    return mean;
  }

  /** Returns the points drawn, each weighted by how often, in the same frame. */
  LawData resampled(int[] counts) {
    int kept = 0;
    for (int count : counts) {
      kept += count > 0 ? 1 : 0;
    }
    LawData drawn =
        new LawData(frame, new double[kept], new double[kept], new double[kept], new double[kept]);
    int next = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        drawn.params[next] = params[i];
        drawn.tokens[next] = tokens[i];
        drawn.lnLoss[next] = lnLoss[i];
        drawn.weights[next++] = weights[i] * counts[i];
      }
    }
    return drawn;
  }

  /** Returns a random part of the points, the same each time. */
  LawData part(int size) {
    int[] counts = new int[size()];
    SplittableRandom random = new SplittableRandom(1);
    int left = size;
    for (int i = 0; i < counts.length; i++) {
      if (random.nextInt(counts.length - i) < left) {
        counts[i] = 1;
        left--;
      }
    }
    return resampled(counts);
  }

  /** Returns the same sizes and tokens with other losses, given as ln of multiples of the mean. */
  LawData withLnLoss(double[] other) {
    return new LawData(frame, params, tokens, other, weights);
  }

  Frame frame() {
    return frame;
  }

  int size() {
    return lnLoss.length;
  }

  /** Returns ln N less its mean. */
  double params(int i) {
    return params[i];
  }

  /** Returns ln D less its mean. */
  double tokens(int i) {
    return tokens[i];
  }

  /** Returns ln L less its mean. */
  double lnLoss(int i) {
    return lnLoss[i];
  }

  double weight(int i) {
    return weights[i];
  }
}
