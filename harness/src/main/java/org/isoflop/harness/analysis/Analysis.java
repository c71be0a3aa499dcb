package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Optional;

/**
 * Everything the analysis found, as {@code analysis.json} lays it out.
 *
 * @param points how many loss points were used
 * @param curves one per budget, lowest budget first
 * @param isoflop the global exponents of the line through the optima
 * @param refused one sentence that says why there are no global exponents, where there are none
 * @param local between neighbouring optima, lowest first
 * @param frontier the global line over the measured budgets; empty where refused
 * @param warnings what a careful reader should know first, one sentence each
 */
public record Analysis(
    int points,
    List<BudgetCurve> curves,
    Optional<Exponents> isoflop,
    Optional<String> refused,
    List<LocalExponent> local,
    List<FrontierPoint> frontier,
    List<String> warnings) {

  /** Copies the lists, and refuses exponents with a refusal, or neither. */
  public Analysis {
    curves = List.copyOf(curves);
    local = List.copyOf(local);
    frontier = List.copyOf(frontier);
    warnings = List.copyOf(warnings);
    if (isoflop.isPresent() == refused.isPresent()) {
      throw new IllegalArgumentException("either exponents or the reason there are none");
    }
  }
}
