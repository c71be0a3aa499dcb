package org.isoflop.harness.analysis.isoflop;

/**
 * An optimum in logarithms, without its uncertainty.
 *
 * @param budget FLOPs, as stated
 * @param lnParams ln N*
 * @param lnTokens ln D*
 * @param lnFlops ln C, as the convention counts it
 */
public record LnOptimum(double budget, double lnParams, double lnTokens, double lnFlops) {}
