package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;

/**
 * One axis of a plot: what it measures, its range and its ticks. Ends and ticks are the values
 * themselves, or their log10 on a logarithmic axis.
 *
 * @param name with the unit
 * @param log whether it is logarithmic
 * @param low left or lower end
 * @param high right or upper end
 * @param ticks within the range, ascending
 * @param few the same for a phone, where the axis lies
 */
record Axis(String name, boolean log, double low, double high, List<Tick> ticks, List<Tick> few) {

  /** A budget's sizes often span barely a decade, so that whole decades would label nothing. */
  private static final double[][] DIGITS = {
    {1, 1.5, 2, 3, 4, 5, 7}, {1, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}
  };

  private static final int ONE_TWO_FIVE = 2;

  /** Of so many ticks a phone has room for the labels. */
  private static final int FEW = 6;

  /** A place on the axis and what stands there. */
  record Tick(double at, String label) {}

  Axis {
    ticks = List.copyOf(ticks);
    few = List.copyOf(few);
  }

  /**
   * A logarithmic axis.
   *
   * @param values what must be seen, positive; others are left out
   * @param margin share of the range to leave free at each end
   * @param most ticks at the most
   * @param label of a value, not of its logarithm
   */
  static Axis log(
      String name, DoubleStream values, double margin, int most, DoubleFunction<String> label) {
    double[] known =
        values.filter(v -> v > 0 && Double.isFinite(v)).map(Math::log10).sorted().toArray();
    double range = known[known.length - 1] - known[0];
    double pad = range * margin;
    // One value, or as good as one, must not make an axis without a range.
    pad = range + 2 * pad < 0.1 ? 0.05 : pad;
    double low = known[0] - pad;
    double high = known[known.length - 1] + pad;
    return new Axis(
        name,
        true,
        low,
        high,
        logTicks(low, high, most, label),
        logTicks(low, high, Math.min(most, FEW), label));
  }

  /** A linear axis, with ticks at round numbers. */
  static Axis linear(String name, DoubleStream values, double margin, int most) {
    double[] known = values.filter(Double::isFinite).sorted().toArray();
    double pad = Math.max((known[known.length - 1] - known[0]) * margin, 1e-3);
    double low = known[0] - pad;
    double high = known[known.length - 1] + pad;
    double decade = Math.pow(10, Math.floor(Math.log10((high - low) / most)));
    double step =
        Arrays.stream(new double[] {1, 2, 5, 10})
            .map(digit -> digit * decade)
            .filter(s -> (high - low) / s <= most)
            .findFirst()
            .orElse(10 * decade);
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(
          new Tick(
              i * step, Numbers.minus(Quantities.format("%." + decimals + "f", i * step + 0.0))));
    }
    return new Axis(name, false, low, high, ticks, ticks);
  }

  private static List<Tick> logTicks(
      double low, double high, int most, DoubleFunction<String> label) {
    return logTicks(low, high, most).stream()
        .map(at -> new Tick(at, label.apply(Math.pow(10, at))))
        .toList();
  }

  /** Prefers 1, 2, 5 to anything denser, unless that leaves the axis all but bare. */
  private static List<Double> logTicks(double low, double high, int most) {
    List<Double> ticks = logTicks(low, high, DIGITS[ONE_TWO_FIVE]);
    for (int i = ticks.size() < 4 ? 0 : ONE_TWO_FIVE; i < DIGITS.length; i++) {
      ticks = logTicks(low, high, DIGITS[i]);
      if (ticks.size() <= most) {
        return ticks;
      }
    }
    int every = (ticks.size() + most - 1) / most;
    return ticks.stream().filter(at -> Math.round(at) % every == 0).toList();
  }

  private static List<Double> logTicks(double low, double high, double[] digits) {
    List<Double> ticks = new ArrayList<>();
    for (int decade = (int) Math.floor(low); decade <= high; decade++) {
      for (double digit : digits) {
        double at = decade + Math.log10(digit);
        if (at >= low && at <= high) {
          ticks.add(at);
        }
      }
    }
    return ticks;
  }

  /** Returns how far along the axis a value stands, from 0 to 1; at the nearer end if outside. */
  double share(double value) {
    double at = log ? (value > 0 ? Math.log10(value) : Double.NEGATIVE_INFINITY) : value;
    return (Math.max(low, Math.min(high, at)) - low) / (high - low);
  }

  /** Returns how far along the axis a tick stands. */
  double share(Tick tick) {
    return (tick.at() - low) / (high - low);
  }

  /** Returns whether a value stands between the ends. */
  boolean holds(double value) {
    double share = share(value);
    return share > 0 && share < 1;
  }
}
