package org.isoflop.harness.analysis.design;

/**
 * How sharply a design shows the exponent a of N* ∝ C^a.
 *
 * @param standardError of a over all budgets: half the width of the middle 68% of the simulated
 * @param bias of a: the simulated median less the law's own slope over the same budgets
 * @param topStandardError of a at the top of the range, a line through the highest half of the
 *     budgets, at least three, unless asked for otherwise
 * @param refusedShare share of the simulated sweeps that gave no exponent, from 0 to 1
 */
public record DesignPrecision(
    double standardError, double bias, double topStandardError, double refusedShare) {}
