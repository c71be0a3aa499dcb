package org.isoflop.harness.config;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.List;

/**
 * Range checks of the configuration's records. Every message begins with the key it is about, as
 * the YAML spells it, so that the reader only has to put the section's path before it.
 */
final class Checks {

  private Checks() {}

  @FormatMethod
  static void check(boolean holds, String key, @FormatString String message, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + String.format(message, arguments));
    }
  }

  /** Refuses an empty list and blank entries. */
  static void checkTexts(List<String> texts, String key, String use) {
    check(!texts.isEmpty(), key, "is an empty list, %s", use);
    for (int i = 0; i < texts.size(); i++) {
      check(!texts.get(i).isBlank(), key + "[" + i + "]", "is blank, %s", use);
    }
  }
}
