package org.isoflop.harness.analysis;

import java.util.OptionalDouble;

/**
 * The bottom of one budget's curve.
 *
 * @param params N*, parameters
 * @param paramsInterval of N*
 * @param tokens D*, training tokens
 * @param tokensInterval of D*
 * @param loss at the optimum, nats per token
 * @param lossInterval of the loss
 * @param bitsPerByte the loss in bits per byte of text, where the points say it
 * @param curve the fitted parabola
 */
public record Optimum(
    double params,
    Interval paramsInterval,
    double tokens,
    Interval tokensInterval,
    double loss,
    Interval lossInterval,
    OptionalDouble bitsPerByte,
    Parabola curve) {}
