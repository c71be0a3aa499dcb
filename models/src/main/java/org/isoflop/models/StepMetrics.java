package org.isoflop.models;

/**
 * What some steps in a row reported.
 *
 * @param losses training loss of each step before its update, nats per token
 * @param gradientNorms global gradient norm of each step before clipping
 */
@SuppressWarnings("ArrayRecordComponent") // carries the device's output, never compared
public record StepMetrics(float[] losses, float[] gradientNorms) {}
