package org.isoflop.harness.analysis;

import java.util.Optional;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The parametric law with the interval of every parameter.
 *
 * @param law the fit
 * @param objective sum of Huber's loss, δ = 1e-3, of ln L residuals at the fit
 * @param e irreducible loss, nats per token
 * @param a of params
 * @param b of tokens
 * @param alpha exponent of params
 * @param beta exponent of tokens
 * @param lackOfFit why the law does not fit the points and where, if it does not
 */
public record LawResult(
    Law law,
    double objective,
    Estimate e,
    Estimate a,
    Estimate b,
    Estimate alpha,
    Estimate beta,
    Optional<String> lackOfFit) {}
