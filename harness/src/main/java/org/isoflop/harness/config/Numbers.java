package org.isoflop.harness.config;

/** How the configuration's numbers are spelt, so that every YAML reader takes them for numbers. */
final class Numbers {

  private static final double LARGEST_WRITTEN_OUT = 1e7;

  private Numbers() {}

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
