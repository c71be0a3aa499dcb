package org.isoflop.harness.plan;

/**
 * One step's data: whole sequences in equal micro-batches.
 *
 * @param sequences in all micro-batches together
 * @param microBatches passes they are split into
 */
record Batch(int sequences, int microBatches) {

  /**
   * Fits a batch to a run. Rounds down, so that the run keeps its steps and a pass its memory;
   * passes may be up to half as long as they could be where that makes them equal.
   *
   * @param wantedTokens what the rule or the user asks for
   * @param mostSequences what the run's length allows, at least 1
   * @param passSequences most sequences of one forward pass, at least 1
   * @param context tokens of a sequence
   */
  static Batch fit(double wantedTokens, long mostSequences, int passSequences, int context) {
    long wanted = Math.max(1, Math.round(wantedTokens / context));
    int allowed = (int) Math.min(Math.min(wanted, mostSequences), Integer.MAX_VALUE);
    int longest = Math.min(allowed, passSequences);
    int pass = longest;
    for (int shorter = longest - 1; shorter >= (longest + 1) / 2; shorter--) {
      if (allowed % shorter < allowed % pass) {
        pass = shorter;
      }
    }
    int passes = allowed / pass;
    return new Batch(pass * passes, passes);
  }
}
