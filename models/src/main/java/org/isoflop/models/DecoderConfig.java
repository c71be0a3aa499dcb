package org.isoflop.models;

import static org.isoflop.models.Checks.check;

/**
 * One decoder-only transformer: everything that decides its tensors' shapes.
 *
 * @param options what it shares with the other decoders of its sweep
 * @param layers number of blocks
 * @param width size of the residual stream, d
 * @param heads attention heads; each has {@code width / heads} dimensions, an even number
 * @param mlpWidth hidden width of the feed-forward block
 */
public record DecoderConfig(
    DecoderOptions options, int layers, int width, int heads, int mlpWidth) {

  /** Refuses shapes that cannot be built with {@link IllegalArgumentException}. */
  public DecoderConfig {
    checkShape(layers, width, heads, mlpWidth);
  }

  static void checkShape(int layers, int width, int heads, int mlpWidth) {
    check(layers >= 1, "layers must be at least 1, is %d", layers);
    check(heads >= 1, "heads must be at least 1, is %d", heads);
    check(mlpWidth >= 1, "mlp width must be at least 1, is %d", mlpWidth);
    check(
        width >= 2 && width % (2 * heads) == 0,
        "width must be a multiple of twice the heads (rotary positions turn pairs), is %d with %d"
            + " heads",
        width,
        heads);
  }

  /** Returns the dimensions of one attention head. */
  public int headSize() {
    return width / heads;
  }

  /** Returns the decoder whose scales this one has: itself in the standard parametrisation. */
  public DecoderConfig base() {
    return options
        .base()
        .map(
            base ->
                new DecoderConfig(
                    options, base.layers(), base.width(), base.heads(), base.mlpWidth()))
        .orElse(this);
  }

  /** Returns what a block's output is multiplied by before it is added to the residual stream. */
  public double residualScale() {
    return (double) base().layers / layers;
  }

  /** Returns what the logits are multiplied by. */
  public double logitScale() {
    return (double) base().width / width;
  }

  /**
   * Returns what attention multiplies the products of queries and keys by: 1/√K for heads of K
   * dimensions, √(base K)/K where they have the scale of another. Where both are normalised, a
   * product is at most K, so that small heads could not attend sharply (at K = 8 no weight could
   * pass that of chance by more than e^2.8); there the largest logit is that of a head of 128
   * whatever K is, √128.
   */
  public double attentionScale() {
    int baseSize = base().headSize();
    return options.qkNorm()
        ? Math.sqrt(128) / headSize()
        : 1 / Math.sqrt(baseSize) * ((double) baseSize / headSize());
  }

  /** Returns the exact parameter count, by component. */
  public ParameterCounts parameters() {
    long d = width;
    long embedding = d * options.vocabulary();
    return new ParameterCounts(
        embedding,
        4 * d * d * layers,
        d * mlpWidth * layers * options.mlp().matrices(),
        0, // neither kind of norm has weights
        options.tied() ? 0 : embedding);
  }

  /**
   * Returns the exact training FLOPs per token (a multiply and an add count 2): three times the
   * forward pass, which is 2 per matrix parameter, the head included even where it is tied, and
   * 2·2·T·d per layer for the full attention map. The causal half that a fused kernel may skip is
   * counted, as most published sets count it; norms, activations and the softmax are not.
   */
  public double flopsPerToken() {
    ParameterCounts counts = parameters();
    double head = (double) width * options.vocabulary();
    double matrices = counts.attention() + counts.mlp() + head;
    double attentionMap = 2.0 * 2.0 * options.context() * width * layers;
    return 3 * (2 * matrices + attentionMap);
  }

  /**
   * Returns a short name that says the shape, such as {@code d64-l3}; with heads or a hidden width
   * that are not customary {@code d64-l3-h2-m256}.
   */
  public String shapeName() {
    DecoderConfig customary = ShapeRule.CUSTOMARY.decoder(options, layers, width);
    return "d"
        + width
        + "-l"
        + layers
        + (heads == customary.heads ? "" : "-h" + heads)
        + (mlpWidth == customary.mlpWidth ? "" : "-m" + mlpWidth);
  }
}
