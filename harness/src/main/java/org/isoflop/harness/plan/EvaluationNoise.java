package org.isoflop.harness.plan;

/**
 * What a loss over so many validation tokens leaves open.
 *
 * <p>The loss of a byte of text has a standard deviation of about 2 nats, and bytes of one passage
 * are easy or hard together, so that a mean over n bytes errs by about 6 nats/√n. All jobs of a
 * sweep are evaluated on the same tokens: most of that is common to them and moves the curves up or
 * down as a whole. What decoders of one curve do not share, which bends it, is about 1/√n of the
 * loss. Both were measured on source code with n-gram models whose losses differ as much as those
 * of a curve's cells (docs/decisions.md); taken for other text and other decoders too.
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
