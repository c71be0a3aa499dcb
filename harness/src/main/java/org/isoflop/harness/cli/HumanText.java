package org.isoflop.harness.cli;

import java.time.Duration;
import java.util.Locale;

/** Durations and rates as a person reads them. */
final class HumanText {

  private HumanText() {}

  /** Returns {@code 3h05m}, {@code 4m10s} or {@code 12s}. */
  static String duration(Duration duration) {
    long seconds = Math.round(duration.toMillis() / 1000.0);
    if (seconds >= 3600) {
      return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds % 3600 / 60);
    }
    return seconds >= 60
        ? String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60)
        : seconds + "s";
  }

  /** Returns a number with a metric prefix and three digits: {@code 41.2k}, {@code 1.05M}. */
  static String metric(double value) {
    String prefixes = " kMGTPE";
    int index = 0;
    double scaled = value;
    while (scaled >= 999.5 && index < prefixes.length() - 1) {
      scaled /= 1000;
      index++;
    }
    String digits =
        String.format(
            Locale.ROOT, scaled < 9.995 ? "%.2f" : scaled < 99.95 ? "%.1f" : "%.0f", scaled);
    return index == 0 ? digits : digits + prefixes.charAt(index);
  }
}
