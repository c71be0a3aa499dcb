package org.isoflop.models;

import java.util.Arrays;

/**
 * The operations {@link ReferenceDecoder} is made of, each followed by its derivative: the backward
 * of {@code y = f(x)} takes {@code dy}, the gradient of the loss by y, and returns {@code dx}.
 *
 * <p>Activations are arrays of rows, one row per position; a name's suffix is its shape, {@code
 * x_TxI} being T rows of I numbers. Weights are flat and row-major.
 */
@SuppressWarnings("MemberName") // shapes in names
final class ReferenceOperations {

  private static final double NORM_EPSILON = 1e-5;

  private ReferenceOperations() {}

  /** Returns x·Wᵀ. */
  static double[][] linear(double[][] x_TxI, double[] w_OxI) {
    int inputs = x_TxI[0].length;
    double[][] y_TxO = new double[x_TxI.length][w_OxI.length / inputs];
    for (int t = 0; t < y_TxO.length; t++) {
      for (int o = 0; o < y_TxO[t].length; o++) {
        double sum = 0;
        for (int i = 0; i < inputs; i++) {
          sum += x_TxI[t][i] * w_OxI[o * inputs + i];
        }
        y_TxO[t][o] = sum;
      }
    }
    return y_TxO;
  }

  /** Returns dx and adds this use of the weights to dw. */
  static double[][] linearBackward(
      double[][] x_TxI, double[] w_OxI, double[][] dy_TxO, double[] dw_OxI) {
    int inputs = x_TxI[0].length;
    double[][] dx_TxI = new double[x_TxI.length][inputs];
    for (int t = 0; t < dy_TxO.length; t++) {
      for (int o = 0; o < dy_TxO[t].length; o++) {
        for (int i = 0; i < inputs; i++) {
          dx_TxI[t][i] += dy_TxO[t][o] * w_OxI[o * inputs + i];
          dw_OxI[o * inputs + i] += dy_TxO[t][o] * x_TxI[t][i];
        }
      }
    }
    return dx_TxI;
  }

  /** Returns every row normalised: (x − mean) / √(mean square about it + ε), mean 0 for RMS. */
  static double[][] norm(NormKind kind, double[][] x_TxD) {
    double[][] y_TxD = new double[x_TxD.length][x_TxD[0].length];
    for (int t = 0; t < x_TxD.length; t++) {
      double mean = center(kind, x_TxD[t]);
      double scale = 1 / deviation(x_TxD[t], mean);
      for (int i = 0; i < y_TxD[t].length; i++) {
        y_TxD[t][i] = (x_TxD[t][i] - mean) * scale;
      }
    }
    return y_TxD;
  }

  static double[][] normBackward(NormKind kind, double[][] x_TxD, double[][] dy_TxD) {
    double[][] y_TxD = norm(kind, x_TxD);
    double[][] dx_TxD = new double[x_TxD.length][x_TxD[0].length];
    for (int t = 0; t < x_TxD.length; t++) {
      double[] y_D = y_TxD[t];
      double[] dy_D = dy_TxD[t];
      double scale = 1 / deviation(x_TxD[t], center(kind, x_TxD[t]));
      double alongMean = center(kind, dy_D);
      double alongOutput = dot(dy_D, y_D) / y_D.length;
      for (int i = 0; i < y_D.length; i++) {
        dx_TxD[t][i] = scale * (dy_D[i] - alongMean - y_D[i] * alongOutput);
      }
    }
    return dx_TxD;
  }

  private static double center(NormKind kind, double[] x_D) {
    return kind == NormKind.LAYERNORM ? Arrays.stream(x_D).sum() / x_D.length : 0;
  }

  private static double deviation(double[] x_D, double mean) {
    double sum = 0;
    for (double x : x_D) {
      sum += (x - mean) * (x - mean);
    }
    return Math.sqrt(sum / x_D.length + NORM_EPSILON);
  }

  /**
   * Returns every row turned by its position t: the pair (x_i, x_{i + K/2}) by the angle t ·
   * 10000^(−2i/K). The backward is the turn the other way.
   *
   * @param direction 1 or −1
   */
  static double[][] rotate(double[][] x_TxK, int direction) {
    int half = x_TxK[0].length / 2;
    double[][] y_TxK = new double[x_TxK.length][2 * half];
    for (int t = 0; t < x_TxK.length; t++) {
      for (int i = 0; i < half; i++) {
        double angle = direction * t * Math.pow(10_000, -(double) i / half);
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        y_TxK[t][i] = x_TxK[t][i] * cos - x_TxK[t][i + half] * sin;
        y_TxK[t][i + half] = x_TxK[t][i + half] * cos + x_TxK[t][i] * sin;
      }
    }
    return y_TxK;
  }

  /** Returns exp(x) / Σ exp(x) of the first {@code count} entries, 0 after them. */
  static double[] softmax(double[] x_S, int count) {
    double max = Arrays.stream(x_S, 0, count).max().orElseThrow();
    double[] p_S = new double[x_S.length];
    double sum = 0;
    for (int s = 0; s < count; s++) {
      p_S[s] = Math.exp(x_S[s] - max);
      sum += p_S[s];
    }
    for (int s = 0; s < count; s++) {
      p_S[s] /= sum;
    }
    return p_S;
  }

  /** Takes the probabilities, the softmax's output, in place of its input. */
  static double[] softmaxBackward(double[] p_S, double[] dp_S) {
    double expected = dot(p_S, dp_S);
    double[] dx_S = new double[p_S.length];
    for (int s = 0; s < p_S.length; s++) {
      dx_S[s] = p_S[s] * (dp_S[s] - expected);
    }
    return dx_S;
  }

  /** Returns x·Φ(x), Φ the normal distribution function. */
  static double gelu(double x) {
    return x * normalCdf(x);
  }

  static double geluDerivative(double x) {
    return normalCdf(x) + x * normalDensity(x);
  }

  /** Returns x·σ(x), σ the logistic function. */
  static double silu(double x) {
    return x * logistic(x);
  }

  static double siluDerivative(double x) {
    return logistic(x) * (1 + x * (1 - logistic(x)));
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Returns factor · x, whose derivative is itself. */
  static double[][] scale(double factor, double[][] x_TxD) {
    return Arrays.stream(x_TxD)
        .map(x_D -> Arrays.stream(x_D).map(x -> factor * x).toArray())
        .toArray(double[][]::new);
  }

  static double[][] add(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][a[0].length];
    for (int t = 0; t < a.length; t++) {
      for (int i = 0; i < a[t].length; i++) {
        sum[t][i] = a[t][i] + b[t][i];
      }
    }
    return sum;
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double normalDensity(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …) (Abramowitz and Stegun 26.2.11). */
  private static double normalCdf(double x) {
    if (Math.abs(x) > 9) {
      return x > 0 ? 1 : 0;
    }
    double sum = 0;
    double term = x;
    for (int k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
      sum += term;
      term *= x * x / k;
    }
    return 0.5 + normalDensity(x) * sum;
  }
}
