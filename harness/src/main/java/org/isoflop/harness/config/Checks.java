package org.isoflop.harness.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.List;

/**
 * Checks of the configuration's values. What they throw names the key, as the YAML spells it inside
 * its section, so that the reader only has to put the section's path before it.
 */
final class Checks {

  private static final double LARGEST_WRITTEN_OUT = 1e7;

  private Checks() {}

  /** Says what is wrong with a key, and what would do. */
  static final class KeyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Stands before another key of the section in a problem, until its path does. */
    private static final String HERE = "\0";

    private final String key;
    private final String problem;

    KeyException(String key, String problem) {
      super(key + ": " + problem.replace(HERE, ""));
      this.key = key;
      this.problem = problem;
    }

    /** Returns the same, said from outside a section. */
    KeyException in(String section) {
      String inside = problem.replace(HERE, HERE + section + ".");
      return new KeyException(section + "." + key, inside);
    }

    String key() {
      return key;
    }

    String problem() {
      return problem.replace(HERE, "");
    }
  }

  @FormatMethod
  static void check(boolean holds, String key, @FormatString String message, Object... arguments) {
    if (!holds) {
      throw new KeyException(key, String.format(message, arguments));
    }
  }

  /** Refuses a number that is out of range. */
  static void checkRange(boolean holds, String key, double value, String use) {
    check(holds, key, "%s is out of range, use %s", text(value), use);
  }

  /** Refuses a key that is not there. */
  static void checkThere(Object value, String key, String use) {
    check(value != null, key, "is missing, %s", use);
  }

  /** Refuses an empty list and blank entries. */
  static void checkTexts(List<String> texts, String key, String use) {
    check(!texts.isEmpty(), key, "is an empty list, %s", use);
    for (int i = 0; i < texts.size(); i++) {
      check(!texts.get(i).isBlank(), key + "[" + i + "]", "is blank, %s", use);
    }
  }

  /** Refuses two ways of saying one thing. */
  static void checkEither(JsonNode section, String key, String other) {
    checkEither(section.has(key) && section.has(other), key, other);
  }

  /** The same, of keys that are both there or not. */
  static void checkEither(boolean both, String key, String other) {
    check(!both, key, "does not go with %s, use one of them", KeyException.HERE + other);
  }

  /**
   * Returns the shortest text that reads back as the same double: {@code 16}, {@code 0.05}, {@code
   * 3.0e+10}. YAML 1.1 readers take an exponent without point and sign for text.
   */
  static String text(double number) {
    if (number == Math.rint(number) && Math.abs(number) < LARGEST_WRITTEN_OUT) {
      return Long.toString((long) number);
    }
    String java = Double.toString(number);
    return java.contains("E-") ? java.replace('E', 'e') : java.replace("E", "e+");
  }
}
