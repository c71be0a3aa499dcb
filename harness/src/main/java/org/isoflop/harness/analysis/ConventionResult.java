package org.isoflop.harness.analysis;

import java.util.Optional;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.points.Convention;

/**
 * The headline exponents under one convention; exactly one of exponents and refusal is there.
 *
 * @param convention how params and FLOPs are counted
 * @param exponents over all budgets
 * @param refused one sentence that says why there are none
 */
public record ConventionResult(
    Convention convention, Optional<Exponents> exponents, Optional<String> refused) {}
