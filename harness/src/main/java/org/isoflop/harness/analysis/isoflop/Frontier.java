package org.isoflop.harness.analysis.isoflop;

import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The compute-optimal split of every budget: N*(C) and D*(C) as power laws.
 *
 * @param params N*, parameters, of C in FLOPs
 * @param tokens D*, training tokens, of C in FLOPs
 */
public record Frontier(PowerLaw params, PowerLaw tokens) {}
