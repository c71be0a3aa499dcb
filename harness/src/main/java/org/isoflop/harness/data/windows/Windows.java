package org.isoflop.harness.data.windows;

import org.isoflop.harness.BadInputException;

/**
 * How a split is cut into sequences: window i starts at token i·context, is read for {@code
 * context} tokens, and predicts the same stretch shifted by one. Windows share only the token that
 * is one's last target and the next one's first input, so every token but the split's first is a
 * target once; what is left after the last whole window is not used.
 */
public final class Windows {

  private Windows() {}

  /**
   * Returns how many windows a split has; 0 where it is shorter than context + 1.
   *
   * @param tokens tokens of the split
   * @param context tokens of a sequence, at least 1
   */
  public static long count(long tokens, int context) {
    if (context < 1 || tokens < 0) {
      throw new IllegalArgumentException(tokens + " tokens in windows of " + context);
    }
    return tokens == 0 ? 0 : (tokens - 1) / context;
  }

  /**
   * Returns how many windows a split has, at least one.
   *
   * @param split what the message calls it: train or validation
   * @throws BadInputException where it is shorter than context + 1
   */
  public static long require(String split, long tokens, int context) {
    long windows = count(tokens, context);
    if (windows == 0) {
      throw BadInputException.of(
          "corpus: the %s split has %d tokens, and one window of context %d needs %d; more text, a"
              + " shorter context or another validation_fraction would do",
          split, tokens, context, context + 1L);
    }
    return windows;
  }

  /**
   * Returns how many windows to evaluate on: the first ones of the split, in order, so that every
   * evaluation of a sweep sees the same text.
   *
   * @param tokens tokens of the validation split
   * @param context tokens of a sequence
   * @param maxTokens the most targets to evaluate, at least {@code context}
   * @throws BadInputException where the split, or {@code maxTokens}, is shorter than one window
   */
  public static long evaluated(long tokens, int context, long maxTokens) {
    long windows = require("validation", tokens, context);
    if (maxTokens < context) {
      throw BadInputException.of(
          "evaluation: %d tokens are less than one window of context %d; at least %d would do",
          maxTokens, context, context);
    }
    return Math.min(windows, maxTokens / context);
  }
}
