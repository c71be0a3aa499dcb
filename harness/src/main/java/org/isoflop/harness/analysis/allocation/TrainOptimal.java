package org.isoflop.harness.analysis.allocation;

import java.util.Optional;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The split of a training budget that reaches the lowest loss.
 *
 * @param params N*
 * @param tokens D*
 * @param loss L*, nats per token, where it is known
 */
public record TrainOptimal(Estimate params, Estimate tokens, Optional<Estimate> loss) {}
