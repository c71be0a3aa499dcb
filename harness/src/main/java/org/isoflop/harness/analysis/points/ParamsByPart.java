package org.isoflop.harness.analysis.points;

import java.util.OptionalDouble;

/**
 * The parameters of a model part by part, as far as the input says: what lets N be counted another
 * way after training.
 *
 * @param embedding of the token embedding
 * @param attention of all attention matrices
 * @param mlp of all MLP matrices
 * @param norm of all norms
 * @param head of the matrix before the logits, 0 where it is the embedding itself
 */
public record ParamsByPart(
    OptionalDouble embedding,
    OptionalDouble attention,
    OptionalDouble mlp,
    OptionalDouble norm,
    OptionalDouble head) {

  /** Returns the params of a model of which only the total is known. */
  public static ParamsByPart unknown() {
    OptionalDouble none = OptionalDouble.empty();
    return new ParamsByPart(none, none, none, none, none);
  }

  /** Returns attention + MLP + norms, where all three are known. */
  OptionalDouble nonEmbedding() {
    return sum(attention, mlp, norm);
  }

  /** Returns attention + MLP + head, with the embedding for a tied head, where they are known. */
  OptionalDouble matmul() {
    boolean tied = head.isPresent() && head.getAsDouble() == 0;
    return sum(attention, mlp, tied ? embedding : head);
  }

  private static OptionalDouble sum(OptionalDouble... counts) {
    double sum = 0;
    for (OptionalDouble count : counts) {
      if (count.isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += count.getAsDouble();
    }
    return OptionalDouble.of(sum);
  }
}
