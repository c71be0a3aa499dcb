package org.isoflop.harness.report;

import java.util.function.DoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * What a typeset page adds to {@link Quantities}: true minus signs, and intervals that say in words
 * where an end is open.
 */
final class Numbers {

  /** Past this a law's parameter is written as a power of ten. */
  private static final double LARGE = 1e6;

  private Numbers() {}

  /** Nats or bits to four decimals. */
  static String loss(double value) {
    return minus(Quantities.format("%.4f", value));
  }

  /** An exponent to three decimals. */
  static String exponent(double value) {
    return minus(Quantities.exponent(value));
  }

  /** A difference of exponents to three decimals, its sign always there. */
  static String difference(double value) {
    return minus(Quantities.format("%+.3f", value));
  }

  /** A relative difference in per cent, its sign always there. */
  static String percentDifference(double share) {
    return minus(Quantities.format("%+.1f%%", 100 * share));
  }

  /** A parameter of a law, of any size, to three digits. */
  static String number(double value) {
    return minus(
        Math.abs(value) < LARGE && Double.isFinite(value)
            ? Quantities.digits(value)
            : Quantities.flops(value));
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

  /** An interval of counts; nothing below zero is a count, so zero is an open end. */
  static String counts(Interval interval) {
    return ends(interval, interval.low() > 0, Quantities::count);
  }

  /** An interval of losses. */
  static String losses(Interval interval) {
    return ends(interval, Numbers::loss);
  }

  /** An interval of exponents. */
  static String exponents(Interval interval) {
    return ends(interval, Numbers::exponent);
  }

  /** An exponent with its interval behind it. */
  static String exponentWithInterval(Estimate estimate) {
    return exponent(estimate.value()) + " (" + exponents(estimate.interval()) + ")";
  }

  /** An interval in the words of a function. */
  static String ends(Interval interval, DoubleFunction<String> number) {
    return ends(interval, true, number);
  }

  private static String ends(
      Interval interval, boolean boundedBelow, DoubleFunction<String> number) {
    boolean low = boundedBelow && Double.isFinite(interval.low());
    boolean high = Double.isFinite(interval.high());
    if (!low && !high) {
      return "no bounds";
    }
    if (!high) {
      return "from " + number.apply(interval.low()) + ", no upper bound";
    }
    return (low ? number.apply(interval.low()) : "no lower bound,")
        + " to "
        + number.apply(interval.high());
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
