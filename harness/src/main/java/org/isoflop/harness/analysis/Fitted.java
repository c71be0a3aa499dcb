package org.isoflop.harness.analysis;

import java.util.Optional;

/**
 * What a fit hands back: a result, or the one sentence that says why there is none. A refused fit
 * never carries a number that looks like an answer.
 *
 * @param value the result, where there is one
 * @param refused the reason, where there is none
 */
record Fitted<R>(Optional<R> value, Optional<String> refused) {

  /** Refuses a result with a reason against it, or neither. */
  Fitted {
    if (value.isPresent() == refused.isPresent()) {
      throw new IllegalArgumentException("either a result or the reason there is none");
    }
  }

  static <R> Fitted<R> of(R value) {
    return new Fitted<>(Optional.of(value), Optional.empty());
  }

  static <R> Fitted<R> refused(String sentence) {
    return new Fitted<>(Optional.empty(), Optional.of(sentence));
  }
}
