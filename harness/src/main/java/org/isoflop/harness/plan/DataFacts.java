package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

import org.isoflop.harness.config.SweepConfig;

/**
 * What a plan must know of the corpus.
 *
 * @param trainTokens unique training tokens
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

  /** Returns the tokens a loss is taken over: whole sequences, and no more than there are. */
  long evaluatedTokens(SweepConfig config) {
    int context = config.decoder().context();
    long there = Math.max(0, validationTokens - 1) / context;
    return Math.max(1, Math.min(there, config.evaluation().tokens() / context)) * context;
  }
}
