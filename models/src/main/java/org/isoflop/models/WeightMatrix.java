package org.isoflop.models;

import java.util.ArrayList;
import java.util.List;

/**
 * One weight of a decoder, by name and shape. Every weight is an {@code [out, in]} matrix.
 *
 * @param name dotted, as a PyTorch module would name it: {@code layers.0.attention.qkv}
 * @param rows outputs
 * @param columns inputs
 * @param initialStd standard deviation it is initialised with
 * @param update what of the optimiser's settings it is trained with
 */
public record WeightMatrix(
    String name, int rows, int columns, double initialStd, UpdateScale update) {

  /**
   * What a weight's settings are over the optimiser's own; all 1 in the standard parametrisation.
   *
   * @param rate times the learning rate, and what the decay, which that multiplies, is divided by
   * @param epsilon times AdamW's ε
   */
  public record UpdateScale(double rate, double epsilon) {}

  /** Returns the number of elements. */
  public int size() {
    return Math.multiplyExact(rows, columns);
  }

  /**
   * Returns the weights of a decoder in the order the training program keeps them.
   *
   * <p>Initial scales: a matrix keeps the variance of its input, 1/√in; the two matrices that write
   * to the residual stream are smaller by √(2·layers), so that the stream does not grow with depth
   * (Radford et al. 2019); an untied head starts at 1/in, near a uniform prediction (Yang et al.
   * 2022, output weights). What other decoders' scales a decoder has where it is not its own base,
   * {@link BaseShape} says.
   */
  public static List<WeightMatrix> of(DecoderConfig decoder) {
    DecoderOptions options = decoder.options();
    int d = decoder.width();
    int hidden = decoder.mlpWidth();
    int upRows = options.mlp() == MlpKind.SWIGLU ? 2 * hidden : hidden;
    DecoderConfig base = decoder.base();
    double residual = 1 / Math.sqrt(2.0 * base.layers());
    UpdateScale ofWidth =
        new UpdateScale((double) base.width() / d, decoder.logitScale() * decoder.residualScale());
    UpdateScale ofHidden = new UpdateScale((double) base.mlpWidth() / hidden, ofWidth.epsilon());
    UpdateScale ofEnds = new UpdateScale(1, decoder.logitScale());
    double root = Math.sqrt(base.width());

    List<WeightMatrix> weights = new ArrayList<>();
    weights.add(new WeightMatrix("embedding", options.vocabulary(), d, 1 / root, ofEnds));
    for (int layer = 0; layer < decoder.layers(); layer++) {
      String prefix = "layers." + layer;
      weights.add(block(prefix + ".attention.qkv", 3 * d, d, 1, ofWidth));
      weights.add(block(prefix + ".attention.output", d, d, residual, ofWidth));
      weights.add(block(prefix + ".mlp.up", upRows, d, 1, ofWidth));
      weights.add(block(prefix + ".mlp.down", d, hidden, residual, ofHidden));
    }
    if (!options.tied()) {
      weights.add(new WeightMatrix("head", options.vocabulary(), d, 1 / root / root, ofEnds));
    }
    return List.copyOf(weights);
  }

  private static WeightMatrix block(
      String name, int rows, int columns, double factor, UpdateScale update) {
    return new WeightMatrix(name, rows, columns, factor / Math.sqrt(columns), update);
  }
}
