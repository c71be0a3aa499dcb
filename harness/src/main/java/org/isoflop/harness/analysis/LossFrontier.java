package org.isoflop.harness.analysis;

import org.isoflop.harness.analysis.stats.Estimate;

/**
 * Loss at the optimum against compute: L*(C) = E + K·C^−gamma.
 *
 * @param e what no compute removes, nats per token
 * @param k of compute
 * @param gamma exponent of compute
 */
public record LossFrontier(Estimate e, Estimate k, Estimate gamma) {}
