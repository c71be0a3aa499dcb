package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;

/**
 * One axis of a static figure: what it measures, its range and its ticks, all in drawing units (the
 * value itself, or its log10 on a logarithmic axis).
 *
 * <p>XChart's own logarithmic axes label whole decades only, and a budget's sizes often span barely
 * one; so values go in as log10 and the ticks are chosen here.
 *
 * @param name with the unit
 * @param low left or lower end
 * @param high right or upper end
 * @param ticks within the range, ascending
 */
record Axis(String name, double low, double high, List<Tick> ticks) {

  private static final double[][] DIGITS = {
    {1, 1.5, 2, 3, 4, 5, 7}, {1, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}
  };

  private static final int ONE_TWO_FIVE = 2;

  /** A place on the axis and what stands there. */
  record Tick(double at, String label) {}

  Axis {
    ticks = List.copyOf(ticks);
  }

  /**
   * A logarithmic axis, in log10.
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
    double pad = (known[known.length - 1] - known[0]) * margin;
    // One value, or as good as one, must not make an axis without a range.
    pad = known[known.length - 1] - known[0] + 2 * pad < 0.1 ? 0.05 : pad;
    double low = known[0] - pad;
    double high = known[known.length - 1] + pad;
    List<Tick> ticks =
        logTicks(low, high, most).stream()
            .map(at -> new Tick(at, label.apply(Math.pow(10, at))))
            .toList();
    return new Axis(name, low, high, ticks);
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
    return new Axis(name, low, high, ticks);
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

  /**
   * Where a value stands in drawing units of a logarithmic axis, moved to the nearer end if
   * outside.
   */
  double logInside(double value) {
    return inside(value > 0 ? Math.log10(value) : Double.NEGATIVE_INFINITY);
  }

  /** The same, but so far inside that a mark there is whole. */
  double wellInside(double at) {
    double edge = 0.018 * (high - low);
    return Math.max(low + edge, Math.min(high - edge, at));
  }

  /** Where something stands in drawing units, moved to the nearer end if outside. */
  double inside(double at) {
    return Math.max(low, Math.min(high, at));
  }
}
