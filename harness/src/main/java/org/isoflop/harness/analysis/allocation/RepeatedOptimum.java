package org.isoflop.harness.analysis.allocation;

import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The split of lowest loss where tokens must be repeated ({@link RepeatedDataLaw}).
 *
 * @param uniqueTokens U
 * @param params N
 * @param tokens D, repeated ones counted each time
 * @param epochs D/U; at most 1 where the limit does not bind
 * @param loss nats per token
 * @param lossCost by how much that is above the loss with unlimited tokens
 */
public record RepeatedOptimum(
    double uniqueTokens,
    Estimate params,
    Estimate tokens,
    Estimate epochs,
    Estimate loss,
    Estimate lossCost) {}
