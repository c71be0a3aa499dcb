package org.isoflop.harness.analysis.envelope;

import java.util.List;
import java.util.stream.IntStream;

/** The smoothed losses of all runs at the same values of compute, so that resampling is cheap. */
final class LossTable {

  /** As many values of compute as Hoffmann et al. took. */
  private static final int VALUES = 1500;

  /** A best size needs one on either side. */
  private static final long FEWEST_ALIVE = 3;

  private final List<SmoothCurve> curves;
  private final double[] lnFlops;
  private final double[][] loss;

  private LossTable(List<SmoothCurve> curves, double[] lnFlops) {
    this.curves = curves;
    this.lnFlops = lnFlops;
    loss = new double[curves.size()][];
    IntStream.range(0, loss.length)
        .parallel()
        .forEach(
            i -> loss[i] = IntStream.range(0, lnFlops.length).mapToDouble(c -> at(i, c)).toArray());
  }

  private double at(int curve, int c) {
    return curves.get(curve).at(lnFlops[c]);
  }

  /**
   * Takes curves, smallest size first, at geometric values of compute over the range in which at
   * least three sizes are in training; at no value where they never are.
   */
  static LossTable of(List<SmoothCurve> curves) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (SmoothCurve curve : curves) {
      for (double end : new double[] {curve.first(), curve.last()}) {
        if (sizesAlive(curves, end) >= FEWEST_ALIVE) {
          low = Math.min(low, end);
          high = Math.max(high, end);
        }
      }
    }
    double[] lnFlops = new double[low < high ? VALUES : 0];
    for (int c = 0; c < lnFlops.length; c++) {
      lnFlops[c] = low + (high - low) * c / (VALUES - 1);
    }
    return new LossTable(curves, lnFlops);
  }

  private static long sizesAlive(List<SmoothCurve> curves, double lnFlops) {
    return curves.stream()
        .filter(curve -> curve.alive(lnFlops))
        .mapToDouble(curve -> curve.run().params())
        .distinct()
        .count();
  }

  /** Returns the number of runs. */
  int runs() {
    return curves.size();
  }

  /** Returns the number of values of compute. */
  int values() {
    return lnFlops.length;
  }

  /** Returns a value of compute, ln C. */
  double lnFlops(int c) {
    return lnFlops[c];
  }

  /** Returns a run's parameters. */
  double params(int run) {
    return curves.get(run).run().params();
  }

  /** Returns ln D of a run at a value of compute. */
  double lnTokens(int run, int c) {
    return curves.get(run).lnTokens(lnFlops[c]);
  }

  /** Returns a run's loss at a value of compute; NaN where it has none. */
  double loss(int run, int c) {
    return loss[run][c];
  }
}
