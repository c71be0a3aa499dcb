package org.isoflop.harness.analysis.isoflop;

/**
 * d ln N* / d ln C and d ln D* / d ln C over part of the range: between two neighbouring optima, or
 * of the line through the optima of a window.
 *
 * @param from the lowest budget, FLOPs
 * @param to the highest budget, FLOPs
 * @param optima how many optima it rests on, at least 2; of the parametric law how many points
 * @param exponents the slopes
 */
public record LocalExponent(double from, double to, int optima, Exponents exponents) {}
