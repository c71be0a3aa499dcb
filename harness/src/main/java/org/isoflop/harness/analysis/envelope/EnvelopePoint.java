package org.isoflop.harness.analysis.envelope;

/**
 * Which run is the best at one compute: a point of the envelope.
 *
 * @param flops compute, C
 * @param params of the run that holds the envelope there, N
 * @param tokens it has seen by then, D
 * @param loss its smoothed training loss, nats per token
 */
public record EnvelopePoint(double flops, double params, double tokens, double loss) {}
