package org.isoflop.harness.analysis;

/**
 * The global exponents of one method: N* grows as C^a and D* as C^b.
 *
 * @param a exponent of N*
 * @param aInterval its 95% interval
 * @param b exponent of D*
 * @param bInterval its 95% interval
 */
public record Exponents(double a, Interval aInterval, double b, Interval bInterval) {}
