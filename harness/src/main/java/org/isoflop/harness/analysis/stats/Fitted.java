package org.isoflop.harness.analysis.stats;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a fit hands back: a result, or the one sentence that says why there is none. A refused fit
 * never carries a number that looks like an answer.
 *
 * @param value the result, where there is one
 * @param refused the reason, where there is none
 */
public record Fitted<R>(Optional<R> value, Optional<String> refused) {

  /** Refuses a result with a reason against it, or neither. */
  public Fitted {
    if (value.isPresent() == refused.isPresent()) {
      throw new IllegalArgumentException("either a result or the reason there is none");
    }
  }

  public static <R> Fitted<R> of(R value) {
    return new Fitted<>(Optional.of(value), Optional.empty());
  }

  /** Returns a result, made only where there is no reason against it. */
  public static <R> Fitted<R> unless(Optional<String> refusal, Supplier<R> result) {
    return refusal.map(Fitted::<R>refused).orElseGet(() -> of(result.get()));
  }

  /** Returns what follows from the result, or the same refusal. */
  public <S> Fitted<S> map(Function<R, S> next) {
    return new Fitted<>(value.map(next), refused);
  }

  /** Returns what another fit makes of the result, or the same refusal. */
  public <S> Fitted<S> flatMap(Function<R, Fitted<S>> next) {
    return value.map(next).orElseGet(() -> new Fitted<>(Optional.empty(), refused));
  }

  public static <R> Fitted<R> refused(String sentence) {
    return new Fitted<>(Optional.empty(), Optional.of(sentence));
  }
}
