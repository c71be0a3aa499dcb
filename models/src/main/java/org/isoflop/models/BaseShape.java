package org.isoflop.models;

/**
 * The shape at which all decoders of a sweep have one and the same learning rate: the maximal
 * update parametrisation, muP (Yang et al. 2022, arXiv 2203.03466, table 8), and its continuation
 * in depth (CompleteP, Dey et al. 2025, arXiv 2505.01618, table 1, α = 1). The best learning rate
 * of a small decoder is then to be that of a large one.
 *
 * <p>A decoder of width d and L layers, with n = d / base width and l = L / base layers, has
 *
 * <ul>
 *   <li>in its blocks, initial weights as in the standard parametrisation, but for the two matrices
 *       that write to the residual stream, which are smaller by √(2·base layers), not √(2·L);
 *       learning rates by the base's fan-in over its own; a weight decay that many times larger, so
 *       that a step decays all weights alike; AdamW's ε / (n·l);
 *   <li>for embedding and head, initial weights and learning rate of the base; ε / n;
 *   <li>logits / n; what a block adds to the stream / l; and attention by 1/K, not 1/√K, for heads
 *       of K dimensions: √(base K) / K. Where queries and keys are normalised it is so anyway.
 * </ul>
 *
 * <p>A decoder of the base shape is what it is in the standard parametrisation, where each is its
 * own base.
 *
 * @param layers its blocks
 * @param width of its residual stream
 * @param heads its attention heads
 * @param mlpWidth hidden width of its feed-forward blocks
 */
public record BaseShape(int layers, int width, int heads, int mlpWidth) {

  /** Refuses shapes that cannot be built with {@link IllegalArgumentException}. */
  public BaseShape {
    DecoderConfig.checkShape(layers, width, heads, mlpWidth);
  }
}
