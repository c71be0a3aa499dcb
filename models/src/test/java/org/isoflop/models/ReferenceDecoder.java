package org.isoflop.models;

import static org.isoflop.models.ReferenceOperations.add;
import static org.isoflop.models.ReferenceOperations.linear;
import static org.isoflop.models.ReferenceOperations.linearBackward;
import static org.isoflop.models.ReferenceOperations.norm;
import static org.isoflop.models.ReferenceOperations.normBackward;
import static org.isoflop.models.ReferenceOperations.scale;
import static org.isoflop.models.ReferenceOperations.softmax;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The decoder once more, in loops and double precision with a hand-written backward pass and no
 * library, so that the training program is tested against something that shares nothing with it.
 *
 * <p>Weights come as flat row-major arrays in the order of {@link #shapes}. Shapes in names: T
 * positions, D width, F hidden width of the MLP, G its rows (F, or 2F: gate, then up), V
 * vocabulary.
 */
// shapes in names; records that never leave the class and are never compared
@SuppressWarnings({"MemberName", "ArrayRecordComponent"})
final class ReferenceDecoder {

  private static final int MATRICES_PER_LAYER = 4;

  private final DecoderConfig config;
  private final NormKind norm;
  private final ReferenceAttention attention;
  private final double residualScale;
  private final double logitScale;

  ReferenceDecoder(DecoderConfig config) {
    this.config = config;
    norm = config.options().norm();
    attention = new ReferenceAttention(config);
    Optional<BaseShape> base = config.options().base();
    residualScale = base.map(shape -> (double) shape.layers() / config.layers()).orElse(1.0);
    logitScale = base.map(shape -> (double) shape.width() / config.width()).orElse(1.0);
  }

  /**
   * Returns [rows, columns] of every weight: the embedding, then per layer qkv, attention output,
   * MLP up (or gate and up), MLP down, then the head unless it is tied to the embedding.
   */
  static List<int[]> shapes(DecoderConfig config) {
    int width = config.width();
    DecoderOptions options = config.options();
    int upRows = (options.mlp().matrices() - 1) * config.mlpWidth();
    List<int[]> shapes = new ArrayList<>();
    shapes.add(new int[] {options.vocabulary(), width});
    for (int layer = 0; layer < config.layers(); layer++) {
      shapes.add(new int[] {3 * width, width});
      shapes.add(new int[] {width, width});
      shapes.add(new int[] {upRows, width});
      shapes.add(new int[] {width, config.mlpWidth()});
    }
    if (!options.tied()) {
      shapes.add(new int[] {options.vocabulary(), width});
    }
    return List.copyOf(shapes);
  }

  /** Returns the number of entries of every weight, in the order of {@link #shapes}. */
  static int[] sizes(DecoderConfig config) {
    return shapes(config).stream().mapToInt(shape -> shape[0] * shape[1]).toArray();
  }

  /**
   * Returns the mean cross-entropy in nats over all positions of all windows.
   *
   * @param windows token windows of any length from 2; T + 1 tokens are T inputs and T targets
   */
  double loss(double[][] weights, int[][] windows) {
    double sum = 0;
    for (int[] window : windows) {
      double[][] logits_TxV = forward(weights, window).logits_TxV;
      for (int t = 0; t < logits_TxV.length; t++) {
        sum -= Math.log(softmax(logits_TxV[t], logits_TxV[t].length)[window[t + 1]]);
      }
    }
    return sum / positions(windows);
  }

  /** Returns the gradient of {@link #loss} by every weight, in the weights' shapes. */
  double[][] gradients(double[][] weights, int[][] windows) {
    double[][] gradients =
        Arrays.stream(weights).map(w -> new double[w.length]).toArray(double[][]::new);
    for (int[] window : windows) {
      backward(weights, window, positions(windows), gradients);
    }
    return gradients;
  }

  /**
   * What the coordinate check of Yang et al. (2022, appendix D.1) looks at, of one window.
   *
   * @param x the residual stream after the last layer
   * @param scores what the last layer's attention takes the softmax of, of the first head
   * @param logits of all positions
   */
  record Coordinates(double[][] x, double[][] scores, double[][] logits) {}

  /** Returns what a forward pass has at a window. */
  Coordinates coordinates(double[][] weights, int[] window) {
    Forward pass = forward(weights, window);
    Layer last = pass.layers.get(config.layers() - 1);
    return new Coordinates(pass.x_TxD, attention.scores(last.qkv_Tx3D), pass.logits_TxV);
  }

  private static int positions(int[][] windows) {
    return Arrays.stream(windows).mapToInt(window -> window.length - 1).sum();
  }

  /** What the backward pass needs of one layer's forward pass. */
  private record Layer(
      double[][] x_TxD,
      double[][] h_TxD,
      double[][] qkv_Tx3D,
      double[][] mixed_TxD,
      double[][] middle_TxD,
      double[][] middleH_TxD,
      double[][] up_TxG,
      double[][] active_TxF) {}

  private record Forward(
      double[][] embedded_TxD,
      List<Layer> layers,
      double[][] x_TxD,
      double[][] h_TxD,
      double[][] logits_TxV) {}

  private Forward forward(double[][] weights, int[] window) {
    double[][] embedded_TxD = new double[window.length - 1][];
    for (int t = 0; t < embedded_TxD.length; t++) {
      int start = window[t] * config.width();
      embedded_TxD[t] = Arrays.copyOfRange(weights[0], start, start + config.width());
    }
    double[][] x_TxD = norm(norm, embedded_TxD);
    List<Layer> layers = new ArrayList<>();
    for (int index = 0; index < config.layers(); index++) {
      int first = firstMatrix(index);
      double[][] h_TxD = norm(norm, x_TxD);
      double[][] qkv_Tx3D = linear(h_TxD, weights[first]);
      double[][] mixed_TxD = attention.forward(qkv_Tx3D);
      double[][] middle_TxD =
          add(x_TxD, scale(residualScale, linear(mixed_TxD, weights[first + 1])));
      double[][] middleH_TxD = norm(norm, middle_TxD);
      double[][] up_TxG = linear(middleH_TxD, weights[first + 2]);
      double[][] active_TxF = activation(up_TxG);
      layers.add(
          new Layer(
              x_TxD, h_TxD, qkv_Tx3D, mixed_TxD, middle_TxD, middleH_TxD, up_TxG, active_TxF));
      x_TxD = add(middle_TxD, scale(residualScale, linear(active_TxF, weights[first + 3])));
    }
    double[][] h_TxD = norm(norm, x_TxD);
    double[][] logits_TxV = scale(logitScale, linear(h_TxD, weights[head()]));
    return new Forward(embedded_TxD, layers, x_TxD, h_TxD, logits_TxV);
  }

  private void backward(double[][] weights, int[] window, int positions, double[][] gradients) {
    Forward pass = forward(weights, window);
    double[][] dlogits_TxV = new double[window.length - 1][];
    for (int t = 0; t < dlogits_TxV.length; t++) {
      dlogits_TxV[t] = softmax(pass.logits_TxV[t], pass.logits_TxV[t].length);
      dlogits_TxV[t][window[t + 1]] -= 1;
      for (int v = 0; v < dlogits_TxV[t].length; v++) {
        dlogits_TxV[t][v] *= logitScale / positions;
      }
    }
    double[][] dh_TxD = linearBackward(pass.h_TxD, weights[head()], dlogits_TxV, gradients[head()]);
    double[][] dx_TxD = normBackward(norm, pass.x_TxD, dh_TxD);
    for (int index = config.layers() - 1; index >= 0; index--) {
      Layer layer = pass.layers.get(index);
      int first = firstMatrix(index);
      double[][] dactive_TxF =
          linearBackward(
              layer.active_TxF,
              weights[first + 3],
              scale(residualScale, dx_TxD),
              gradients[first + 3]);
      double[][] dup_TxG = activationBackward(layer.up_TxG, dactive_TxF);
      double[][] dmiddleH_TxD =
          linearBackward(layer.middleH_TxD, weights[first + 2], dup_TxG, gradients[first + 2]);
      double[][] dmiddle_TxD = add(dx_TxD, normBackward(norm, layer.middle_TxD, dmiddleH_TxD));
      double[][] dmixed_TxD =
          linearBackward(
              layer.mixed_TxD,
              weights[first + 1],
              scale(residualScale, dmiddle_TxD),
              gradients[first + 1]);
      double[][] dqkv_Tx3D = attention.backward(layer.qkv_Tx3D, dmixed_TxD);
      double[][] dlayerH_TxD =
          linearBackward(layer.h_TxD, weights[first], dqkv_Tx3D, gradients[first]);
      dx_TxD = add(dmiddle_TxD, normBackward(norm, layer.x_TxD, dlayerH_TxD));
    }
    double[][] dembedded_TxD = normBackward(norm, pass.embedded_TxD, dx_TxD);
    for (int t = 0; t < dembedded_TxD.length; t++) {
      for (int i = 0; i < config.width(); i++) {
        gradients[0][window[t] * config.width() + i] += dembedded_TxD[t][i];
      }
    }
  }

  private double[][] activation(double[][] up_TxG) {
    boolean gated = config.options().mlp() == MlpKind.SWIGLU;
    int hidden = config.mlpWidth();
    double[][] active_TxF = new double[up_TxG.length][hidden];
    for (int t = 0; t < up_TxG.length; t++) {
      for (int i = 0; i < hidden; i++) {
        active_TxF[t][i] =
            gated
                ? ReferenceOperations.silu(up_TxG[t][i]) * up_TxG[t][hidden + i]
                : ReferenceOperations.gelu(up_TxG[t][i]);
      }
    }
    return active_TxF;
  }

  private double[][] activationBackward(double[][] up_TxG, double[][] dactive_TxF) {
    boolean gated = config.options().mlp() == MlpKind.SWIGLU;
    int hidden = config.mlpWidth();
    double[][] dup_TxG = new double[up_TxG.length][up_TxG[0].length];
    for (int t = 0; t < up_TxG.length; t++) {
      for (int i = 0; i < hidden; i++) {
        double first = up_TxG[t][i];
        if (gated) {
          double up = up_TxG[t][hidden + i];
          dup_TxG[t][i] = dactive_TxF[t][i] * up * ReferenceOperations.siluDerivative(first);
          dup_TxG[t][hidden + i] = dactive_TxF[t][i] * ReferenceOperations.silu(first);
        } else {
          dup_TxG[t][i] = dactive_TxF[t][i] * ReferenceOperations.geluDerivative(first);
        }
      }
    }
    return dup_TxG;
  }

  private static int firstMatrix(int layer) {
    return 1 + MATRICES_PER_LAYER * layer;
  }

  private int head() {
    return config.options().tied() ? 0 : firstMatrix(config.layers());
  }
}
