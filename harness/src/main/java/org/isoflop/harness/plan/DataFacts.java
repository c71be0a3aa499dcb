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

  /** Returns what a loss leaves open that is taken over so many. */
  EvaluationNoise evaluationNoise(SweepConfig config) {
    return new EvaluationNoise(evaluatedTokens(config));
  }

  /** Returns the tokens a loss is taken over: whole sequences, and no more than there are. */
  long evaluatedTokens(SweepConfig config) {
    int context = config.decoder().context();
    long there = Math.max(0, validationTokens - 1) / context;
    return Math.max(1, Math.min(there, config.evaluation().tokens() / context)) * context;
  }

  /**
   * What a loss over so many validation tokens leaves open.
   *
   * <p>The loss of a byte of text has a standard deviation of about 2 nats, and bytes of one
   * passage are easy or hard together, so that a mean over n bytes errs by about 6 nats/√n. All
   * jobs of a sweep are evaluated on the same tokens: most of that is common to them and moves the
   * curves up or down as a whole. What decoders of one curve do not share, which bends it, is about
   * 1/√n of the loss. Both were measured on source code with n-gram models whose losses differ as
   * much as those of a curve's cells (docs/decisions.md); taken for other text and other decoders
   * too.
   *
   * @param tokens that losses are taken over
   */
  record EvaluationNoise(long tokens) {

    private static final double COMMON_NATS = 6;

    /** Returns the standard error of a loss in nats, as one for other text of the kind. */
    double nats() {
      return COMMON_NATS / Math.sqrt((double) tokens);
    }

    /** Returns the part that one decoder does not share with the next, as a share of the loss. */
    double share() {
      return 1 / Math.sqrt((double) tokens);
    }
  }
}
