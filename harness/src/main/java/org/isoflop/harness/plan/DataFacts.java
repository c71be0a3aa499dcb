package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

/**
 * What a plan must know of the corpus.
 *
 * @param trainTokens unique training tokens
 * @param vocabulary distinct tokens of the tokenizer
 */
public record DataFacts(long trainTokens, int vocabulary) {

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public DataFacts {
    check(trainTokens >= 0, "training tokens must not be negative, are %d", trainTokens);
    check(vocabulary >= 2, "vocabulary must be at least 2 tokens, is %d", vocabulary);
  }
}
