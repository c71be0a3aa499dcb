package org.isoflop.harness.report;

import java.util.Objects;

/**
 * One thing a reader should know about where the numbers come from: the device, the corpus, the
 * schedule.
 *
 * @param label what it is, a word or two
 * @param value what it was, as it is shown
 */
public record Fact(String label, String value) {

  /** Refuses nulls. */
  public Fact {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(value, "value");
  }
}
