package org.isoflop.harness.plan;

import com.google.errorprone.annotations.FormatMethod;

/** Argument checks of this package's records. */
final class Checks {

  private Checks() {}

  @FormatMethod
  static void check(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(message, arguments));
    }
  }
}
