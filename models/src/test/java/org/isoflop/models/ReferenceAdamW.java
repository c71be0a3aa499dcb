package org.isoflop.models;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * AdamW with global-norm clipping in double precision, by the formulas of PyTorch's {@code
 * torch.optim.AdamW} and {@code clip_grad_norm_}, for the training program to be tested against.
 */
final class ReferenceAdamW {

  /** What {@code torch.nn.utils.clip_grad_norm_} adds to the norm it divides by. */
  private static final double CLIP_EPSILON = 1e-6;

  private final OptimizerSettings settings;
  private final double[] rates;
  private final double[] epsilons;
  private final double[][] firstMoments;
  private final double[][] secondMoments;
  private int steps;

  /** Starts with zero moments for weights of these sizes. */
  ReferenceAdamW(OptimizerSettings settings, int[] sizes) {
    this(settings, sizes, ones(sizes.length), ones(sizes.length));
  }

  /**
   * Starts in the same way, with groups.
   *
   * @param rates of each weight over the step's; as much smaller, its decay is larger
   * @param epsilons of each weight over that of the settings
   */
  ReferenceAdamW(OptimizerSettings settings, int[] sizes, double[] rates, double[] epsilons) {
    this.settings = settings;
    this.rates = rates.clone();
    this.epsilons = epsilons.clone();
    firstMoments = Arrays.stream(sizes).mapToObj(double[]::new).toArray(double[][]::new);
    secondMoments = Arrays.stream(sizes).mapToObj(double[]::new).toArray(double[][]::new);
  }

  /**
   * Changes the weights in place by one step; the gradients stay as they are.
   *
   * @return the global norm of the gradients before clipping
   */
  double step(double[][] weights, double[][] gradients, double learningRate) {
    double norm = globalNorm(gradients);
    double clip = Math.min(1, settings.clipNorm() / (norm + CLIP_EPSILON));
    steps++;
    double firstBias = 1 - Math.pow(settings.beta1(), steps);
    double secondBias = 1 - Math.pow(settings.beta2(), steps);
    for (int w = 0; w < weights.length; w++) {
      double[] m = firstMoments[w];
      double[] v = secondMoments[w];
      double rate = rates[w] * learningRate;
      double decay = settings.weightDecay() / rates[w];
      for (int i = 0; i < weights[w].length; i++) {
        double gradient = clip * gradients[w][i];
        weights[w][i] *= 1 - rate * decay;
        m[i] = settings.beta1() * m[i] + (1 - settings.beta1()) * gradient;
        v[i] = settings.beta2() * v[i] + (1 - settings.beta2()) * gradient * gradient;
        double denominator =
            Math.sqrt(v[i]) / Math.sqrt(secondBias) + epsilons[w] * settings.epsilon();
        weights[w][i] -= rate / firstBias * m[i] / denominator;
      }
    }
    return norm;
  }

  /** Returns the first moments, not bias-corrected, in the weights' shapes. */
  double[][] firstMoments() {
    return copy(firstMoments);
  }

  /** Returns the second moments, not bias-corrected, in the weights' shapes. */
  double[][] secondMoments() {
    return copy(secondMoments);
  }

  private static double[] ones(int count) {
    return DoubleStream.generate(() -> 1).limit(count).toArray();
  }

  private static double globalNorm(double[][] gradients) {
    return Math.sqrt(
        Arrays.stream(gradients).mapToDouble(g -> ReferenceOperations.dot(g, g)).sum());
  }

  private static double[][] copy(double[][] arrays) {
    return Arrays.stream(arrays).map(double[]::clone).toArray(double[][]::new);
  }
}
