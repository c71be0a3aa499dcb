package org.isoflop.harness.analysis.allocation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * How to divide one budget between params and tokens, by the measured optima and by the law; at
 * least one of them answers.
 *
 * @param question what was asked
 * @param decadesBeyond how far the budget lies outside the measured ones, in decades of compute; 0
 *     within, negative below
 * @param frontier by the line through the optima
 * @param law by the parametric law
 * @param bits what its losses come to in bits per byte, where their tokens are not bytes
 * @param cautions what to know before relying on this, one sentence each
 */
public record Allocation(
    Question question,
    double decadesBeyond,
    Fitted<FrontierPoint> frontier,
    Fitted<LawAllocation> law,
    Optional<BitsPerByte> bits,
    List<String> cautions) {

  /** Copies the list, and refuses an allocation without any answer. */
  public Allocation {
    cautions = List.copyOf(cautions);
    if (frontier.value().isEmpty() && law.value().isEmpty()) {
      throw new IllegalArgumentException("neither the optima nor the law answer");
    }
  }

  /** Returns whether the optimum, or that of the law, takes more tokens than are unique. */
  public boolean repeats() {
    double most =
        Math.max(
            trainOptimal().tokens().value(),
            law.value().map(found -> found.trainOptimal().tokens().value()).orElse(0.0));
    return question.uniqueTokens().stream().anyMatch(unique -> most > unique);
  }

  /**
   * Returns the train-optimal allocation: by the optima, and only where they are refused by the
   * law.
   */
  public TrainOptimal trainOptimal() {
    return frontier
        .value()
        .map(found -> new TrainOptimal(found.params(), found.tokens(), found.loss()))
        .orElseGet(() -> law.value().orElseThrow().trainOptimal());
  }

  /**
   * A budget to be divided, and what else matters.
   *
   * @param budget training FLOPs, C
   * @param inferenceTokens tokens that the model will serve, T
   * @param uniqueTokens tokens there are before any repeats, U
   */
  public record Question(
      double budget, OptionalDouble inferenceTokens, OptionalDouble uniqueTokens) {

    /** Refuses numbers that are not positive and finite. */
    public Question {
      requirePositive("budget", budget);
      inferenceTokens.ifPresent(value -> requirePositive("inferenceTokens", value));
      uniqueTokens.ifPresent(value -> requirePositive("uniqueTokens", value));
    }

    /** Returns the question of a training budget alone. */
    public static Question of(double budget) {
      return new Question(budget, OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static void requirePositive(String name, double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(name + " must be positive and finite, not " + value);
      }
    }
  }
}
