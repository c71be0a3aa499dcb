package org.isoflop.harness.analysis;

import java.util.Optional;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * What one method says of the whole range; exactly one of exponents and refusal is there.
 *
 * @param method the method
 * @param exponents its exponents
 * @param refused one sentence that says why there are none
 */
public record MethodResult(Method method, Optional<Exponents> exponents, Optional<String> refused) {

  /** Refuses exponents with a refusal, or neither. */
  public MethodResult {
    if (exponents.isPresent() == refused.isPresent()) {
      throw new IllegalArgumentException("either exponents or the reason there are none");
    }
  }

  /** Returns what a fit gave. */
  public static MethodResult of(Method method, Fitted<Exponents> fitted) {
    return new MethodResult(method, fitted.value(), fitted.refused());
  }
}
