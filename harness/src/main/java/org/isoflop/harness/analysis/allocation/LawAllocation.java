package org.isoflop.harness.analysis.allocation;

import java.util.List;
import java.util.Optional;

/**
 * What the parametric law says of one budget, counting compute as C = 6ND.
 *
 * @param trainOptimal N*, D*, L*
 * @param inference with tokens to serve, where asked
 * @param uniqueTokens with limited unique tokens, where asked
 * @param equalLoss other sizes at the same loss, smallest first
 */
public record LawAllocation(
    TrainOptimal trainOptimal,
    Optional<InferenceOptimum> inference,
    Optional<RepeatedOptimum> uniqueTokens,
    List<EqualLoss> equalLoss) {

  /** Copies the list. */
  public LawAllocation {
    equalLoss = List.copyOf(equalLoss);
  }
}
