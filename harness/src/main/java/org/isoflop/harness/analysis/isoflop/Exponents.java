package org.isoflop.harness.analysis.isoflop;

import org.isoflop.harness.analysis.stats.Estimate;

/**
 * Exponents of one method over a range of budgets: N* grows as C^a and D* as C^b.
 *
 * @param a exponent of N*
 * @param b exponent of D*
 */
public record Exponents(Estimate a, Estimate b) {}
