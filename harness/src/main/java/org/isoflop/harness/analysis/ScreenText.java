package org.isoflop.harness.analysis;

import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/** Tables and intervals as a terminal shows them. */
final class ScreenText {

  private static final String NO_BOUND = "no bound";

  private ScreenText() {}

  /**
   * Returns a table with columns as wide as their cells, two spaces apart.
   *
   * @param alignment one letter a column: {@code l} left, {@code r} right
   * @param rows at most that many cells each
   */
  static List<String> table(String alignment, List<List<String>> rows) {
    int[] widths = new int[alignment.length()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(alignment, widths, row)).toList();
  }

  private static String line(String alignment, int[] widths, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      line.append("  ");
      line.append(alignment.charAt(i) == 'r' ? padding + row.get(i) : row.get(i) + padding);
    }
    return line.toString().stripTrailing();
  }

  /** Returns as many empty cells. */
  static List<String> blank(int cells) {
    return Collections.nCopies(cells, "");
  }

  /** Returns the ends of an interval of params or tokens, which less than one does not bound. */
  static String countInterval(Interval interval) {
    return interval.text(value -> value < 1 ? NO_BOUND : finite(value, Quantities::count));
  }

  /** Returns the ends of an interval of anything else. */
  static String interval(Interval interval, DoubleFunction<String> number) {
    return interval.text(value -> finite(value, number));
  }

  /** Returns an estimate of params or tokens with its interval. */
  static String count(Estimate estimate) {
    return Quantities.count(estimate.value()) + " " + countInterval(estimate.interval());
  }

  /** Returns an estimate with its interval. */
  static String estimate(Estimate estimate, DoubleFunction<String> number) {
    return finite(estimate.value(), number) + " " + interval(estimate.interval(), number);
  }

  /** Returns a loss in nats or bits to four decimals. */
  static String loss(double loss) {
    return Quantities.format("%.4f", loss);
  }

  /** Returns a range of budgets. */
  static String range(double from, double to) {
    return Quantities.flops(from) + " to " + Quantities.flops(to);
  }

  private static String finite(double value, DoubleFunction<String> number) {
    return Double.isInfinite(value) ? NO_BOUND : number.apply(value);
  }
}
