package org.isoflop.harness.analysis;

/**
 * d ln N* / d ln C and d ln D* / d ln C between two neighbouring budgets that have an optimum.
 *
 * @param from the lower budget, FLOPs
 * @param to the upper budget, FLOPs
 * @param a slope of ln N*
 * @param aInterval its 95% interval
 * @param b slope of ln D*
 * @param bInterval its 95% interval
 */
public record LocalExponent(
    double from, double to, double a, Interval aInterval, double b, Interval bInterval) {}
