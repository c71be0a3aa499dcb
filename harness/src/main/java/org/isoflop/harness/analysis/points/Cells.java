package org.isoflop.harness.analysis.points;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a cell says. Stricter than {@link Double#parseDouble}, which also takes {@code 1d}, {@code
 * 0x1p3} and {@code Infinity}, none of which a CSV means as a number; and without a regular
 * expression, which would take longer than all else at a hundred thousand rows.
 */
final class Cells {

  private static final int LONGEST_SHOWN = 60;

  /** How programs spell a number that is not there: none, pandas and C, R, SQL, Python. */
  private static final Set<String> MISSING = Set.of("", "nan", "na", "n/a", "null", "none");

  private static final Set<String> INFINITE = Set.of("inf", "infinity");

  private Cells() {}

  /** Returns whether a cell says that there is no number. */
  static boolean isMissing(String cell) {
    return cell.length() <= 5 && MISSING.contains(unsigned(cell));
  }

  /** Returns whether a cell spells infinity. */
  static boolean isInfinite(String cell) {
    return cell.length() <= 9 && INFINITE.contains(unsigned(cell));
  }

  private static String unsigned(String cell) {
    boolean signed = cell.length() > 1 && isSign(cell.charAt(0));
    return (signed ? cell.substring(1) : cell).toLowerCase(Locale.ROOT);
  }

  /** Returns the finite number a cell spells in decimal digits, where it does. */
  static OptionalDouble number(String cell) {
    int start = !cell.isEmpty() && isSign(cell.charAt(0)) ? 1 : 0;
    int dot = digits(cell, start);
    int end = dot < cell.length() && cell.charAt(dot) == '.' ? digits(cell, dot + 1) : dot;
    boolean hasDigit = dot > start || end > dot + 1;
    if (end < cell.length() && (cell.charAt(end) == 'e' || cell.charAt(end) == 'E')) {
      int exponent = end + 1;
      exponent += exponent < cell.length() && isSign(cell.charAt(exponent)) ? 1 : 0;
      end = digits(cell, exponent);
      hasDigit &= end > exponent;
    }
    if (!hasDigit || end < cell.length()) {
      return OptionalDouble.empty();
    }
    double value = Double.parseDouble(cell);
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private static int digits(String cell, int from) {
    int i = from;
    while (i < cell.length() && cell.charAt(i) >= '0' && cell.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private static boolean isSign(char c) {
    return c == '+' || c == '-';
  }

  /** Returns a cell as a message shows it. */
  static String shown(String cell) {
    if (cell.isEmpty()) {
      return "an empty cell";
    }
    return "'"
        + (cell.length() > LONGEST_SHOWN ? cell.substring(0, LONGEST_SHOWN) + "…" : cell)
        + "'";
  }
}
