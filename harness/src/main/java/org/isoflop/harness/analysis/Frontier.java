package org.isoflop.harness.analysis;

/**
 * The compute-optimal split of every budget: N*(C) and D*(C) as power laws.
 *
 * @param params N*, parameters, of C in FLOPs
 * @param tokens D*, training tokens, of C in FLOPs
 */
record Frontier(PowerLaw params, PowerLaw tokens) {}
