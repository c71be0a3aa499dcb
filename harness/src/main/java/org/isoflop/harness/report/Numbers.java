package org.isoflop.harness.report;

import java.util.function.DoubleFunction;
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

  /** Nats or bits to four decimals. */
  static String loss(double value) {
    return of(Words.LOSS, value);
  }

  /** An exponent to three decimals. */
  static String exponent(double value) {
    return of(Words.EXPONENT, value);
  }

  /** A number. */
  static String of(Words words, double value) {
    return minus(words.of(value));
  }

  /** An interval, in words where an end is open. */
  static String ends(Interval interval, Words words) {
    return ends(interval, words.bounds(interval.low()), words::of);
  }

  /** An estimate with its interval behind it. */
  static String of(Words words, Estimate estimate) {
    return of(words, estimate.value()) + " (" + ends(estimate.interval(), words) + ")";
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
    return ends(interval, Words.COUNT);
  }

  /** An interval of exponents. */
  static String exponents(Interval interval) {
    return ends(interval, Words.EXPONENT);
  }

  /** An exponent with its interval behind it. */
  static String exponentWithInterval(Estimate estimate) {
    return of(Words.EXPONENT, estimate);
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
      return "from " + minus(number.apply(interval.low())) + ", no upper bound";
    }
    return (low ? minus(number.apply(interval.low())) : "no lower bound,")
        + " to "
        + minus(number.apply(interval.high()));
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
