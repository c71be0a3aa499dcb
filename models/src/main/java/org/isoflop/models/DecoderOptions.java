package org.isoflop.models;

import static org.isoflop.models.Checks.check;

import java.util.Optional;

/**
 * What all decoders of a sweep share, whatever their size.
 *
 * @param context positions the decoder attends over, in tokens
 * @param vocabulary number of distinct tokens
 * @param mlp the feed-forward block
 * @param norm the normalisation
 * @param qkNorm whether queries and keys are normalised before attention (Dehghani et al. 2023)
 * @param tied whether the head is the transposed embedding
 * @param base the shape whose initial scales and learning rates they have, each as it follows for
 *     its own size; empty for the standard parametrisation
 */
public record DecoderOptions(
    int context,
    int vocabulary,
    MlpKind mlp,
    NormKind norm,
    boolean qkNorm,
    boolean tied,
    Optional<BaseShape> base) {

  /** Refuses a context below 2 or a vocabulary below 2 with {@link IllegalArgumentException}. */
  public DecoderOptions {
    check(context >= 2, "context must be at least 2 tokens, is %d", context);
    check(vocabulary >= 2, "vocabulary must be at least 2 tokens, is %d", vocabulary);
  }

  /** The standard parametrisation. */
  public DecoderOptions(
      int context, int vocabulary, MlpKind mlp, NormKind norm, boolean qkNorm, boolean tied) {
    this(context, vocabulary, mlp, norm, qkNorm, tied, Optional.empty());
  }

  /** Returns the same with the initial scales and learning rates of a shape for all sizes. */
  public DecoderOptions scaledFrom(DecoderConfig shape) {
    BaseShape scales =
        new BaseShape(shape.layers(), shape.width(), shape.heads(), shape.mlpWidth());
    return new DecoderOptions(context, vocabulary, mlp, norm, qkNorm, tied, Optional.of(scales));
  }
}
