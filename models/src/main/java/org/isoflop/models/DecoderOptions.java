package org.isoflop.models;

import static org.isoflop.models.Checks.check;

/**
 * What all decoders of a sweep share, whatever their size.
 *
 * @param context positions the decoder attends over, in tokens
 * @param vocabulary number of distinct tokens
 * @param mlp the feed-forward block
 * @param norm the normalisation
 * @param qkNorm whether queries and keys are normalised before attention (Dehghani et al. 2023)
 * @param tied whether the head is the transposed embedding
 */
public record DecoderOptions(
    int context, int vocabulary, MlpKind mlp, NormKind norm, boolean qkNorm, boolean tied) {

  /** Refuses a context below 2 or a vocabulary below 2 with {@link IllegalArgumentException}. */
  public DecoderOptions {
    check(context >= 2, "context must be at least 2 tokens, is %d", context);
    check(vocabulary >= 2, "vocabulary must be at least 2 tokens, is %d", vocabulary);
  }
}
