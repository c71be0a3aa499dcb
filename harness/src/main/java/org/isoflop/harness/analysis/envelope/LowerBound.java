package org.isoflop.harness.analysis.envelope;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.envelope.Envelope.EnvelopePoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The lowest of some of the curves at every compute, where it lies inside the sizes compared, and
 * the lines through it.
 *
 * @param table the curves
 * @param at the values of compute used, as the table numbers them, ascending
 * @param holders the run that has the lowest loss at each
 * @param edges how many further values were left out because the smallest or the largest size in
 *     training has the lowest loss there
 */
record LowerBound(LossTable table, List<Integer> at, List<Integer> holders, int edges) {

  private static final int FEWEST_SIZES = 3;
  private static final double LEAST_DECADES = 0.5;

  /** Takes the lower bound of the runs that are drawn. */
  static LowerBound of(LossTable table, boolean[] drawn) {
    List<Integer> at = new ArrayList<>();
    List<Integer> holders = new ArrayList<>();
    int edges = 0;
    for (int c = 0; c < table.values(); c++) {
      int best = -1;
      int smallest = -1;
      int largest = -1;
      for (int run = 0; run < drawn.length; run++) {
        double loss = drawn[run] ? table.loss(run, c) : Double.NaN;
        if (!Double.isNaN(loss)) {
          smallest = smallest < 0 ? run : smallest;
          largest = run;
          best = best < 0 || loss < table.loss(best, c) ? run : best;
        }
      }
      if (best < 0) {
        continue;
      }
      double params = table.params(best);
      if (params > table.params(smallest) && params < table.params(largest)) {
        at.add(c);
        holders.add(best);
      } else {
        edges++;
      }
    }
    return new LowerBound(table, at, holders, edges);
  }

  /**
   * The two lines, both through ln C.
   *
   * @param params ln N*
   * @param tokens ln D*
   */
  record Lines(PowerLaw params, PowerLaw tokens) {}

  /** Returns the number of different sizes that have the lowest loss somewhere. */
  long sizes() {
    return holders.stream().mapToDouble(table::params).distinct().count();
  }

  /** Returns how far the used compute reaches, in decades. */
  double decades() {
    return at.isEmpty()
        ? 0
        : (table.lnFlops(at.get(at.size() - 1)) - table.lnFlops(at.get(0))) / Math.log(10);
  }

  /** Fits the lines, or says why this is too little for any. */
  Fitted<Lines> lines() {
    long sizes = sizes();
    if (sizes < FEWEST_SIZES) {
      return Fitted.refused(
          Quantities.format(
              "Only %d size%s the lowest training loss between smaller and larger ones of equal"
                  + " compute; exponents of the envelope need at least %d.",
              sizes, sizes == 1 ? " has" : "s have", FEWEST_SIZES));
    }
    if (decades() < LEAST_DECADES) {
      return Fitted.refused(
          Quantities.format(
              "The envelope of the training curves lies inside their sizes over only %.2f decades"
                  + " of compute; its exponents need at least %.1f.",
              decades(), LEAST_DECADES));
    }
    double[] lnFlops = new double[at.size()];
    double[] lnParams = new double[at.size()];
    double[] lnTokens = new double[at.size()];
    Arrays.setAll(lnFlops, i -> table.lnFlops(at.get(i)));
    Arrays.setAll(lnParams, i -> Math.log(table.params(holders.get(i))));
    Arrays.setAll(lnTokens, i -> table.lnTokens(holders.get(i), at.get(i)));
    return Fitted.of(new Lines(PowerLaw.fit(lnFlops, lnParams), PowerLaw.fit(lnFlops, lnTokens)));
  }

  /** Returns the points, evenly thinned to at most so many, with both ends. */
  List<EnvelopePoint> points(int most) {
    int count = Math.min(most, at.size());
    List<EnvelopePoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int k = count == 1 ? 0 : (int) ((long) i * (at.size() - 1) / (count - 1));
      int c = at.get(k);
      int run = holders.get(k);
      points.add(
          new EnvelopePoint(
              Math.exp(table.lnFlops(c)),
              table.params(run),
              Math.exp(table.lnTokens(run, c)),
              table.loss(run, c)));
    }
    return points;
  }

  /** The smoothed losses of all runs at the same values of compute, so that resampling is cheap. */
  static final class LossTable {

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
              i ->
                  loss[i] =
                      IntStream.range(0, lnFlops.length).mapToDouble(c -> at(i, c)).toArray());
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
}
