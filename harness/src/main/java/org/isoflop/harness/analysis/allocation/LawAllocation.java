package org.isoflop.harness.analysis.allocation;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.stats.Estimate;

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

  /**
   * The allocation of a training budget that reaches the lowest loss.
   *
   * @param params N*
   * @param tokens D*
   * @param loss L*, nats per token, where it is known
   */
  public record TrainOptimal(Estimate params, Estimate tokens, Optional<Estimate> loss) {}

  /**
   * The model that reaches the train-optimal loss of a budget for the least training plus inference
   * FLOPs, 6·N·D + 2·N·T (Sardana et al. 2024, arXiv 2401.00448).
   *
   * @param inferenceTokens T
   * @param params N
   * @param tokens D it is trained on
   * @param trainingFlops 6·N·D, more than the budget
   * @param inferenceFlops 2·N·T
   * @param totalFlops both
   * @param share of what the train-optimal model takes for both, at most 1
   * @param decadesBeyond how far the training FLOPs lie outside the measured budgets
   */
  public record InferenceOptimum(
      double inferenceTokens,
      Estimate params,
      Estimate tokens,
      Estimate trainingFlops,
      Estimate inferenceFlops,
      Estimate totalFlops,
      Estimate share,
      double decadesBeyond) {}

  /**
   * The allocation of lowest loss where tokens must be repeated ({@link RepeatedDataLaw}).
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

  /**
   * What a model smaller or larger than the optimum takes to reach the optimum's loss.
   *
   * @param size its params over N*
   * @param params N
   * @param tokens D; infinite where no number of tokens reaches that loss
   * @param computeFactor its training compute over the optimum's, at least 1; infinite likewise
   */
  public record EqualLoss(double size, Estimate params, Estimate tokens, Estimate computeFactor) {

    /** Returns whether any number of tokens reaches the loss. */
    public boolean reachable() {
      return Double.isFinite(computeFactor.value());
    }
  }
}
