package org.isoflop.harness.analysis;

import java.util.Locale;
import org.isoflop.harness.Quantities;

/** Numbers as a person writes them in this field: 1.2e17 FLOPs, 3.4M params, 49M tokens. */
final class Numbers {

  private static final String[] UNITS = {"", "k", "M", "B", "T"};

  private Numbers() {}

  /** Returns a positive count to three digits with its unit: {@code 3.4M}, {@code 1.62B}. */
  static String count(double value) {
    if (value >= 999.5e12) {
      return Quantities.flops(value);
    }
    if (value < 0.995) {
      return String.format(Locale.ROOT, "%.2g", value);
    }
    int unit = 0;
    double scaled = value;
    // 999.5 prints as 1000 in its own unit, so it belongs to the next.
    while (scaled >= 999.5) {
      scaled /= 1000;
      unit++;
    }
    String digits =
        scaled < 9.995
            ? String.format(Locale.ROOT, "%.2f", scaled)
            : String.format(Locale.ROOT, scaled < 99.95 ? "%.1f" : "%.0f", scaled);
    return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + UNITS[unit];
  }

  /** Returns an exponent: {@code 0.498}. */
  static String exponent(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Returns an interval of exponents: {@code [0.471, 0.524]}. */
  static String exponents(Interval interval) {
    return "[" + exponent(interval.low()) + ", " + exponent(interval.high()) + "]";
  }

  /** Returns a share as per cent: {@code 3.1%}, {@code 12%}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.0995 ? "%.1f%%" : "%.0f%%", 100 * share);
  }
}
