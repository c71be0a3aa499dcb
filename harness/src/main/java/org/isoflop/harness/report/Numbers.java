package org.isoflop.harness.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.isoflop.harness.analysis.Interval;

/** Numbers as a person writes them: 1.23M parameters, 3e11 FLOPs, a loss to four decimals. */
final class Numbers {

  private static final String[] PREFIXES = {"", "k", "M", "B", "T"};
  private static final MathContext THREE_DIGITS = new MathContext(3);

  private Numbers() {}

  /** A count to three digits: 850, 12.3k, 1.20M, 45B. */
  static String count(double value) {
    return prefixed(value, false);
  }

  /** A count without trailing zeros, for axes: 100k, 2.5M. */
  static String tick(double value) {
    return prefixed(value, true);
  }

  /** FLOPs to three digits: 3e11, 3.16e11. */
  static String flops(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      return plain(value);
    }
    BigDecimal rounded = new BigDecimal(value, THREE_DIGITS);
    int exponent = rounded.precision() - rounded.scale() - 1;
    return rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString()
        + "e"
        + exponent;
  }

  /** Nats or bits to four decimals. */
  static String loss(double value) {
    return decimals(value, 4);
  }

  /** An exponent to three decimals. */
  static String exponent(double value) {
    return decimals(value, 3);
  }

  /** Two ends of an interval of counts. */
  static String counts(Interval interval) {
    return count(interval.low()) + "\u2013" + count(interval.high());
  }

  /** Two ends of an interval of losses. */
  static String losses(Interval interval) {
    return loss(interval.low()) + "\u2013" + loss(interval.high());
  }

  /** Two ends of an interval of exponents. */
  static String exponents(Interval interval) {
    return exponent(interval.low()) + " to " + exponent(interval.high());
  }

  private static String prefixed(double value, boolean strip) {
    if (!(value > 0) || Double.isInfinite(value)) {
      return plain(value);
    }
    BigDecimal rounded = new BigDecimal(value, THREE_DIGITS);
    int thousands = Math.floorDiv(rounded.precision() - rounded.scale() - 1, 3);
    thousands = Math.max(0, Math.min(PREFIXES.length - 1, thousands));
    BigDecimal scaled = rounded.scaleByPowerOfTen(-3 * thousands);
    if (strip || thousands == 0) {
      scaled = scaled.stripTrailingZeros();
    } else {
      int integerDigits = scaled.precision() - scaled.scale();
      scaled = scaled.setScale(Math.max(0, 3 - integerDigits), RoundingMode.HALF_UP);
    }
    return scaled.toPlainString() + PREFIXES[thousands];
  }

  private static String decimals(double value, int decimals) {
    return Double.isFinite(value)
        ? minus(String.format(Locale.ROOT, "%." + decimals + "f", value))
        : plain(value);
  }

  private static String plain(double value) {
    if (Double.isNaN(value)) {
      return "not a number";
    }
    return minus(
        Double.isInfinite(value)
            ? (value > 0 ? "\u221e" : "-\u221e")
            : BigDecimal.valueOf(value).round(THREE_DIGITS).stripTrailingZeros().toPlainString());
  }

  private static String minus(String number) {
    return number.replace('-', '\u2212');
  }
}
