package org.isoflop.harness.plan;

import java.util.Optional;
import org.isoflop.harness.config.Hyperparameter;

/** What gives each cell its peak learning rate and its batch: a published rule, or a tuned law. */
interface CellRule {

  /**
   * What a rule may ask of a cell.
   *
   * @param params total parameters
   * @param byteParams those of the same blocks and width with a vocabulary of bytes
   * @param matmulParams parameters of the blocks and the head
   * @param nonEmbeddingParams parameters of the blocks
   * @param tokens training tokens, D
   * @param flops training FLOPs, C
   */
  record Cell(
      double params,
      double byteParams,
      double matmulParams,
      double nonEmbeddingParams,
      double tokens,
      double flops) {

    /** A vocabulary of bytes. */
    static final int BYTES = 256;

    /** Returns the training FLOPs of the blocks: all but those of the head. */
    double nonEmbeddingFlops() {
      return flops - 6 * (matmulParams - nonEmbeddingParams) * tokens;
    }
  }

  /** Returns the rule or the law that a configuration names; nothing where it names a number. */
  static Optional<CellRule> of(Hyperparameter asked) {
    if (asked instanceof Hyperparameter.ByRule named) {
      return Optional.of(HyperparameterRule.of(named.rule()));
    }
    return asked instanceof Hyperparameter.ByLaw tuned
        ? Optional.of(new TunedRule(tuned.law()))
        : Optional.empty();
  }

  /**
   * Returns the best peak learning rate.
   *
   * @param batchTokens tokens per step that the cell is trained with
   */
  double learningRate(Cell cell, double batchTokens);

  /** Returns the best batch, in tokens per step. */
  double batchTokens(Cell cell);

  /** Returns the best peak with wsd over the rate above. */
  double wsdShare();

  /** Returns whether the rule was validated on cells such as this one. */
  boolean validated(Cell cell);

  /** Returns the range the rule was validated on, for a person. */
  String validatedRange();
}
