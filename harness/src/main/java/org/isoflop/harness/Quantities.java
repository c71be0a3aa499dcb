package org.isoflop.harness;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as a person reads them, the same on every screen, in warnings and in a job's name. */
public final class Quantities {

  private static final String[] SUFFIXES = {"", "k", "M", "B", "T"};
  private static final MathContext THREE_DIGITS = new MathContext(3);

  private static final String DECIMAL = "(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
  private static final Pattern NUMBER = Pattern.compile("[+-]?" + DECIMAL);
  private static final Pattern COUNT = Pattern.compile("(\\+?" + DECIMAL + ")([kmbgt]?)");

  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d+\\.?\\d*)d)?(?:(\\d+\\.?\\d*)h)?(?:(\\d+\\.?\\d*)m(?:in)?)?(?:(\\d+\\.?\\d*)s)?");

  private Quantities() {}

  /**
   * Returns the finite number that a text spells in decimal digits, where it does. Stricter than
   * {@link Double#parseDouble}, which also takes {@code 1d}, {@code 0x1p3} and {@code Infinity},
   * none of which a table means as a number.
   */
  public static OptionalDouble parseNumber(String text) {
    return NUMBER.matcher(text).matches()
        ? finite(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  /**
   * Returns the count that a person wrote, such as {@code 1e20}, {@code 400M}, {@code 3.2B} or
   * {@code 5T}, where it is one; in either case, k, M, B (or G) and T are powers of 1000.
   */
  public static OptionalDouble parseCount(String text) {
    Matcher matcher = COUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalDouble.empty();
    }
    double unit =
        switch (matcher.group(2)) {
          case "k" -> 1e3;
          case "m" -> 1e6;
          case "b", "g" -> 1e9;
          case "t" -> 1e12;
          default -> 1;
        };
    return finite(Double.parseDouble(matcher.group(1)) * unit);
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /**
   * Returns the seconds that a person wrote, such as {@code 30m}, {@code 2h}, {@code 1.5h} or
   * {@code 1d 6h}, where they are some; a number without its unit is none.
   */
  public static OptionalDouble parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT).replace(" ", ""));
    if (!matcher.matches()) {
      return OptionalDouble.empty();
    }
    double[] units = {86_400, 3600, 60, 1};
    double seconds = 0;
    for (int i = 0; i < units.length; i++) {
      String number = matcher.group(i + 1);
      seconds += number == null ? 0 : units[i] * Double.parseDouble(number);
    }
    return seconds > 0 && Double.isFinite(seconds)
        ? OptionalDouble.of(seconds)
        : OptionalDouble.empty();
  }

  /**
   * Returns a positive count with at most three digits and its unit, such as {@code 3.41M}; past
   * 999T in powers of ten.
   */
  public static String count(double value) {
    if (!(value < 999.5e12)) {
      return Double.isFinite(value) ? flops(value) : Double.toString(value);
    }
    double scaled = value;
    int suffix = 0;
    // 999.5 would be printed as 1000 in its own unit, so it belongs to the next.
    while (scaled >= 999.5) {
      scaled /= 1000;
      suffix++;
    }
    return digits(scaled) + SUFFIXES[suffix];
  }

  /** Returns an exponent of a power law to three decimals, such as {@code 0.498}. */
  public static String exponent(double value) {
    return format("%.3f", value);
  }

  /** Returns a share as per cent, such as {@code 3.1%} or {@code 12%}. */
  public static String percent(double share) {
    return format(share < 0.0995 ? "%.1f%%" : "%.0f%%", 100 * share);
  }

  /** Returns FLOPs with at most three digits, such as {@code 3e10} or {@code 3.16e12}. */
  public static String flops(double value) {
    String java = format("%.2e", value);
    int exponent = java.indexOf('e');
    String mantissa = java.substring(0, exponent).replaceFirst("\\.?0+$", "");
    return mantissa + "e" + Integer.parseInt(java.substring(exponent + 1));
  }

  /** Returns a range of FLOPs, such as {@code 1e18 to 3e20}. */
  public static String range(double from, double to) {
    return flops(from) + " to " + flops(to);
  }

  /** Returns a number of things, such as {@code 1 point} or {@code 3 points}. */
  public static String plural(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  /** Returns bytes with at most three digits, in powers of 1024. */
  public static String bytes(double value) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double scaled = value;
    int unit = 0;
    while (scaled >= 1023.5 && unit < units.length - 1) {
      scaled /= 1024;
      unit++;
    }
    return digits(scaled) + " " + units[unit];
  }

  /** Returns a duration in its two largest units, such as {@code 2h 05m}. */
  public static String duration(Duration duration) {
    return duration(duration.toMillis() / 1000.0);
  }

  /** Returns seconds in their two largest units, such as {@code 2h 05m}. */
  public static String duration(double seconds) {
    if (seconds < 9.95) {
      return format("%.1fs", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + "s";
    }
    if (whole < 3600) {
      return format("%dm %02ds", whole / 60, whole % 60);
    }
    long minutes = Math.round(seconds / 60);
    if (minutes < 48 * 60) {
      return format("%dh %02dm", minutes / 60, minutes % 60);
    }
    return minutes < 100 * 1440
        ? format("%dd %02dh", minutes / 1440, minutes % 1440 / 60)
        : count(minutes / 1440.0) + "d";
  }

  /**
   * Returns a number with at most three significant digits, such as {@code 0.00412} or {@code
   * 20.3}.
   */
  public static String digits(double value) {
    return new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros().toPlainString();
  }

  /** Formats as {@link String#format} does, with a decimal point wherever the user lives. */
  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
