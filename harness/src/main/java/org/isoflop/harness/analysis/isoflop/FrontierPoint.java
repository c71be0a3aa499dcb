package org.isoflop.harness.analysis.isoflop;

import java.util.Optional;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The compute-optimal split at one budget, measured or not.
 *
 * @param budget FLOPs, C
 * @param params N*
 * @param tokens D*
 * @param loss at the optimum, nats per token, where the fit of loss against C gives it
 * @param exponents local slopes there
 * @param decadesBeyond how far the budget lies outside the measured ones, in decades of compute; 0
 *     within, negative below
 */
public record FrontierPoint(
    double budget,
    Estimate params,
    Estimate tokens,
    Optional<Estimate> loss,
    Exponents exponents,
    double decadesBeyond) {}
