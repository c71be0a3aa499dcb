package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * What one method says of the whole range; exactly one of exponents and refusal is there.
 *
 * @param method the method
 * @param exponents its exponents
 * @param refused one sentence that says why there are none
 */
public record MethodResult(Method method, Optional<Exponents> exponents, Optional<String> refused) {

  /** Exponents closer than this differ by rounding at most. */
  private static final double SAME = 1e-6;

  /** Refuses exponents with a refusal, or neither. */
  public MethodResult {
    if (exponents.isPresent() == refused.isPresent()) {
      throw new IllegalArgumentException("either exponents or the reason there are none");
    }
  }

  /**
   * Returns the methods whose interval of a does not meet the headline's. The envelope is none of
   * them: it is of training losses, not of the points.
   *
   * @param methods the headline first
   */
  public static List<MethodResult> disagreeing(List<MethodResult> methods) {
    Optional<Exponents> headline = methods.stream().findFirst().flatMap(MethodResult::exponents);
    return methods.stream()
        .skip(1)
        .filter(other -> other.method() != Method.ENVELOPE && !other.method().held())
        .filter(
            other ->
                headline.isPresent()
                    && other.exponents().isPresent()
                    && disjoint(
                        other.exponents().get().a().interval(), headline.get().a().interval()))
        .toList();
  }

  private static boolean disjoint(Interval one, Interval other) {
    return one.low() > other.high() + SAME || one.high() < other.low() - SAME;
  }

  /** Returns what a fit gave. */
  public static MethodResult of(Method method, Fitted<Exponents> fitted) {
    return new MethodResult(method, fitted.value(), fitted.refused());
  }
}
