package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

import org.isoflop.harness.config.SweepConfig;

/**
 * What a plan must know of the corpus.
 *
 * @param trainTokens tokens of the train split
 * @param validationTokens tokens kept for evaluation
 * @param vocabulary distinct tokens of the tokenizer
 */
public record DataFacts(long trainTokens, long validationTokens, int vocabulary) {

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public DataFacts {
    check(trainTokens >= 0, "training tokens must not be negative, are %d", trainTokens);
    check(
        validationTokens >= 0, "validation tokens must not be negative, are %d", validationTokens);
    check(vocabulary >= 2, "vocabulary must be at least 2 tokens, is %d", vocabulary);
  }

  /**
   * Returns the tokens of one epoch: whole sequences, so that less than one of the train split is
   * never seen. No run sees more unique ones.
   *
   * @param trainTokens tokens of the train split
   * @param context tokens of a sequence
   */
  public static long epochTokens(long trainTokens, int context) {
    return Math.max(0, trainTokens - 1) / context * context;
  }

  /** Returns the tokens of one epoch with the decoders of a sweep. */
  long epochTokens(SweepConfig config) {
    return epochTokens(trainTokens, config.decoder().context());
  }

  /** Returns the tokens a loss is taken over: whole sequences, and no more than there are. */
  long evaluatedTokens(SweepConfig config) {
    int context = config.decoder().context();
    long there = Math.max(0, validationTokens - 1) / context;
    return Math.max(1, Math.min(there, config.evaluation().tokens() / context)) * context;
  }
}
