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
 */
public record WeightMatrix(String name, int rows, int columns, double initialStd) {

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
   * 2022, output weights).
   */
  public static List<WeightMatrix> of(DecoderConfig decoder) {
    DecoderOptions options = decoder.options();
    int d = decoder.width();
    int hidden = decoder.mlpWidth();
    int upRows = options.mlp() == MlpKind.SWIGLU ? 2 * hidden : hidden;
    double residual = 1 / Math.sqrt(2.0 * decoder.layers());

    List<WeightMatrix> weights = new ArrayList<>();
    weights.add(scaled("embedding", options.vocabulary(), d, 1));
    for (int layer = 0; layer < decoder.layers(); layer++) {
      String prefix = "layers." + layer;
      weights.add(scaled(prefix + ".attention.qkv", 3 * d, d, 1));
      weights.add(scaled(prefix + ".attention.output", d, d, residual));
      weights.add(scaled(prefix + ".mlp.up", upRows, d, 1));
      weights.add(scaled(prefix + ".mlp.down", d, hidden, residual));
    }
    if (!options.tied()) {
      weights.add(scaled("head", options.vocabulary(), d, 1 / Math.sqrt(d)));
    }
    return List.copyOf(weights);
  }

  private static WeightMatrix scaled(String name, int rows, int columns, double factor) {
    return new WeightMatrix(name, rows, columns, factor / Math.sqrt(columns));
  }
}
