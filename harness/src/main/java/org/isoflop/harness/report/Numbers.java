package org.isoflop.harness.report;

import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * What a typeset page adds to {@link Words}: true minus signs, and intervals that say in words
 * where an end is open.
 */
final class Numbers {

  private Numbers() {}

  /** A number. */
  static String of(Words words, double value) {
    return minus(words.of(value));
  }

  /** An interval, in words where an end is open. */
  static String of(Words words, Interval interval) {
    String low = words.bounds(interval.low()) ? of(words, interval.low()) : "";
    if (!words.bounds(interval.high())) {
      return low.isEmpty() ? "no bounds" : "from " + low + ", no upper bound";
    }
    return (low.isEmpty() ? "no lower bound," : low) + " to " + of(words, interval.high());
  }

  /** An estimate with its interval behind it. */
  static String of(Words words, Estimate estimate) {
    return of(words, estimate.value()) + " (" + of(words, estimate.interval()) + ")";
  }

  /** A probability to two digits; a tiny one as what it lies below. */
  static String probability(double p) {
    return p < 0.001 ? "< 0.001" : "= " + Quantities.format(p < 0.01 ? "%.3f" : "%.2f", p);
  }

  /** How far a budget lies from the measured ones. */
  static String reach(double decadesBeyond) {
    String decades = Quantities.format("%.1f", Math.abs(decadesBeyond));
    if (decades.equals("0.0")) {
      return "measured range";
    }
    return decades
        + (decades.equals("1.0") ? " decade " : " decades ")
        + (decadesBeyond > 0 ? "beyond" : "below");
  }

  /** Makes the first letter a capital, as a heading or a row's head has it. */
  static String capital(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** Puts a true minus sign before a number, and before its power of ten. */
  static String minus(String number) {
    return number.replace('-', '\u2212');
  }
}
