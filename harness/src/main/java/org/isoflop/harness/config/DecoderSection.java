package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;

import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.ShapeRule;
import org.isoflop.models.SizeLadder;

/**
 * What all decoders of a sweep share, but for the vocabulary, which the corpus decides.
 *
 * @param context positions the decoder attends over, in tokens; also a training sequence's length
 * @param mlp the feed-forward block
 * @param norm the normalisation
 * @param qkNorm whether queries and keys are normalised before attention
 * @param tied whether the head is the transposed embedding
 * @param shapes which of them there are
 * @param parametrization how initial weights and learning rates go with their shapes
 */
public record DecoderSection(
    int context,
    MlpKind mlp,
    NormKind norm,
    boolean qkNorm,
    boolean tied,
    Shapes shapes,
    Parametrization parametrization) {

  private static final int ANY_VOCABULARY = 256;

  /** The values of a configuration without a {@code decoder} section. */
  public static final DecoderSection DEFAULT =
      new DecoderSection(
          128,
          MlpKind.SWIGLU,
          NormKind.LAYERNORM,
          true,
          false,
          Shapes.DEFAULT,
          new Parametrization.Standard());

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public DecoderSection {
    check(context >= 8, "context", "%d is too short, use 8 tokens or more", context);
    check(context <= 1 << 20, "context", "%d is too long, use at most 1048576 tokens", context);
    if (shapes instanceof Shapes.Listed listed) {
      listed.check(new DecoderOptions(context, ANY_VOCABULARY, mlp, norm, qkNorm, tied));
    }
  }

  /** Returns the decoders there are, for a tokenizer with that many distinct tokens. */
  public SizeLadder ladder(int vocabulary) {
    return shapes.ladder(options(vocabulary));
  }

  /** Returns the options of the models, for a tokenizer with that many distinct tokens. */
  public DecoderOptions options(int vocabulary) {
    return parametrization.of(
        new DecoderOptions(context, vocabulary, mlp, norm, qkNorm, tied),
        shapes.rule().orElse(ShapeRule.CUSTOMARY));
  }
}
