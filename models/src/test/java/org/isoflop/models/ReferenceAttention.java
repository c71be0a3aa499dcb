package org.isoflop.models;

import static org.isoflop.models.ReferenceOperations.dot;
import static org.isoflop.models.ReferenceOperations.norm;
import static org.isoflop.models.ReferenceOperations.normBackward;
import static org.isoflop.models.ReferenceOperations.rotate;
import static org.isoflop.models.ReferenceOperations.softmax;
import static org.isoflop.models.ReferenceOperations.softmaxBackward;

/** Causal attention of one window for {@link ReferenceDecoder}, head by head. */
// shapes in names; records that never leave the class and are never compared
@SuppressWarnings({"MemberName", "ArrayRecordComponent"})
final class ReferenceAttention {

  private final DecoderConfig config;
  private final double scale;

  ReferenceAttention(DecoderConfig config) {
    this.config = config;
    scale =
        config.options().qkNorm()
            ? Math.sqrt(128) / config.headSize()
            : config
                .options()
                .base()
                .map(base -> Math.sqrt((double) base.width() / base.heads()) / config.headSize())
                .orElse(1 / Math.sqrt(config.headSize()));
  }

  /** Returns what the first head takes the softmax of; 0 at the positions that it does not see. */
  double[][] scores(double[][] qkv_Tx3D) {
    return head(qkv_Tx3D, 0).scores_TxT;
  }

  /** Mixes the values of all heads; a row of qkv is all of q, then k, then v, each head-major. */
  double[][] forward(double[][] qkv_Tx3D) {
    double[][] y_TxD = new double[qkv_Tx3D.length][config.width()];
    for (int head = 0; head < config.heads(); head++) {
      Head h = head(qkv_Tx3D, head);
      addColumns(y_TxD, h.offset, multiply(h.p_TxT, h.v_TxK));
    }
    return y_TxD;
  }

  /** Returns the gradient by qkv; the forward pass is done again rather than kept. */
  double[][] backward(double[][] qkv_Tx3D, double[][] dy_TxD) {
    int width = config.width();
    double[][] dqkv_Tx3D = new double[qkv_Tx3D.length][3 * width];
    for (int head = 0; head < config.heads(); head++) {
      Head h = head(qkv_Tx3D, head);
      double[][] dy_TxK = columns(dy_TxD, h.offset);
      double[][] dp_TxT = multiply(dy_TxK, transpose(h.v_TxK));
      double[][] dscores_TxT = new double[dp_TxT.length][];
      for (int t = 0; t < dp_TxT.length; t++) {
        dscores_TxT[t] = softmaxBackward(h.p_TxT[t], dp_TxT[t]);
        for (int s = 0; s <= t; s++) {
          dscores_TxT[t][s] *= scale;
        }
      }
      double[][] dq_TxK = multiply(dscores_TxT, h.turnedK_TxK);
      double[][] dk_TxK = multiply(transpose(dscores_TxT), h.turnedQ_TxK);
      double[][] dv_TxK = multiply(transpose(h.p_TxT), dy_TxK);
      addColumns(dqkv_Tx3D, h.offset, positionBackward(h.q_TxK, dq_TxK));
      addColumns(dqkv_Tx3D, width + h.offset, positionBackward(h.k_TxK, dk_TxK));
      addColumns(dqkv_Tx3D, 2 * width + h.offset, dv_TxK);
    }
    return dqkv_Tx3D;
  }

  /**
   * One head's tensors.
   *
   * @param offset its first column within the width
   * @param scores_TxT what p is the softmax of
   * @param p_TxT attention of position t (row) to position s (column)
   */
  private record Head(
      int offset,
      double[][] q_TxK,
      double[][] k_TxK,
      double[][] v_TxK,
      double[][] turnedQ_TxK,
      double[][] turnedK_TxK,
      double[][] scores_TxT,
      double[][] p_TxT) {}

  private Head head(double[][] qkv_Tx3D, int head) {
    int offset = head * config.headSize();
    double[][] q_TxK = columns(qkv_Tx3D, offset);
    double[][] k_TxK = columns(qkv_Tx3D, config.width() + offset);
    double[][] v_TxK = columns(qkv_Tx3D, 2 * config.width() + offset);
    double[][] turnedQ_TxK = position(q_TxK);
    double[][] turnedK_TxK = position(k_TxK);
    int positions = qkv_Tx3D.length;
    double[][] scores_TxT = new double[positions][positions];
    double[][] p_TxT = new double[positions][];
    for (int t = 0; t < positions; t++) {
      for (int s = 0; s <= t; s++) {
        scores_TxT[t][s] = scale * dot(turnedQ_TxK[t], turnedK_TxK[s]);
      }
      p_TxT[t] = softmax(scores_TxT[t], t + 1);
    }
    return new Head(offset, q_TxK, k_TxK, v_TxK, turnedQ_TxK, turnedK_TxK, scores_TxT, p_TxT);
  }

  private double[][] position(double[][] x_TxK) {
    DecoderOptions options = config.options();
    return rotate(options.qkNorm() ? norm(options.norm(), x_TxK) : x_TxK, 1);
  }

  private double[][] positionBackward(double[][] x_TxK, double[][] dy_TxK) {
    DecoderOptions options = config.options();
    double[][] turnedBack_TxK = rotate(dy_TxK, -1);
    return options.qkNorm() ? normBackward(options.norm(), x_TxK, turnedBack_TxK) : turnedBack_TxK;
  }

  private double[][] columns(double[][] x, int offset) {
    double[][] part_TxK = new double[x.length][config.headSize()];
    for (int t = 0; t < x.length; t++) {
      System.arraycopy(x[t], offset, part_TxK[t], 0, config.headSize());
    }
    return part_TxK;
  }

  private static void addColumns(double[][] x, int offset, double[][] part_TxK) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < part_TxK[t].length; i++) {
        x[t][offset + i] += part_TxK[t][i];
      }
    }
  }

  private static double[][] multiply(double[][] a_MxN, double[][] b_NxP) {
    double[][] c_MxP = new double[a_MxN.length][b_NxP[0].length];
    for (int m = 0; m < c_MxP.length; m++) {
      for (int n = 0; n < b_NxP.length; n++) {
        for (int p = 0; p < c_MxP[m].length; p++) {
          c_MxP[m][p] += a_MxN[m][n] * b_NxP[n][p];
        }
      }
    }
    return c_MxP;
  }

  private static double[][] transpose(double[][] a_MxN) {
    double[][] b_NxM = new double[a_MxN[0].length][a_MxN.length];
    for (int m = 0; m < a_MxN.length; m++) {
      for (int n = 0; n < a_MxN[m].length; n++) {
        b_NxM[n][m] = a_MxN[m][n];
      }
    }
    return b_NxM;
  }
}
