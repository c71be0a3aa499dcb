package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;

import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.ShapeRule;
import org.isoflop.models.SizeLadder;

/** What all decoders of a sweep share, but for the vocabulary, which the corpus decides. */
public record DecoderSection(
    @Words("Tokens a decoder attends over, and the length of a training sequence. Default: 128")
        int context,
    @Words("Feed-forward block: gelu or swiglu. Default: swiglu") MlpKind mlp,
    @Words("Normalisation: layernorm or rmsnorm, both without weights. Default: layernorm")
        NormKind norm,
    @Words(
            "Whether queries and keys are normalised, which forgives high learning rates. Default:"
                + " true")
        boolean qkNorm,
    @Words("Whether the head is the transposed embedding. Default: false") boolean tied,
    @Words(
            "How a width becomes a decoder. The plan says what rounding makes of it. Or your own"
                + " shapes, in any order; a budget has those that are nearest to its sizes. heads"
                + " and mlp (the hidden width) may be left out. The list may grow later:"
                + " [{layers: 2, width: 24, heads: 3, mlp: 64}, {layers: 2, width: 32}]")
        Shapes shapes,
    @Words(
            "How learning rates and initial weights go with width and depth: standard, or mup"
                + " (arXiv 2203.03466, depth as in 2505.01618), where training.learning_rate is"
                + " that of a base shape and all others' follow, matrix by matrix, so that one"
                + " number may serve all sizes. Also in short: parametrization: mup")
        Parametrization parametrization) {

  /** Of decoders whose shapes alone matter. */
  static final int ANY_VOCABULARY = 256;

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
