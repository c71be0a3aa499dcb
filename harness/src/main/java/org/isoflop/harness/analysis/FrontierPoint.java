package org.isoflop.harness.analysis;

/**
 * The fitted line at one compute, for drawing it with its band.
 *
 * @param budget FLOPs, C
 * @param params N* by the line
 * @param paramsInterval its 95% interval
 * @param tokens D* by the line
 * @param tokensInterval its 95% interval
 */
public record FrontierPoint(
    double budget,
    double params,
    Interval paramsInterval,
    double tokens,
    Interval tokensInterval) {}
