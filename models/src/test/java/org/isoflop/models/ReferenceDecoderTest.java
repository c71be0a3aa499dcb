package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the yardstick itself, against finite differences and against PyTorch. */
class ReferenceDecoderTest {

  private static final int VOCABULARY = 7;
  private static final int[][] WINDOWS = windows(2, 6);

  static Stream<DecoderOptions> everyOption() {
    return Stream.of(MlpKind.values())
        .flatMap(mlp -> Stream.of(NormKind.values()).map(norm -> options(mlp, norm, false, false)))
        .flatMap(o -> Stream.of(o, options(o.mlp(), o.norm(), true, o.tied())))
        .flatMap(o -> Stream.of(o, options(o.mlp(), o.norm(), o.qkNorm(), true)));
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void gradientsAreTheSlopesOfTheLoss(DecoderOptions options) {
    DecoderConfig config = tiny(options);
    int[][] windows = windows(1, 5);
    ReferenceDecoder decoder = new ReferenceDecoder(config);
    double[][] weights = weights(config);
    double[][] gradients = decoder.gradients(weights, windows);
    double h = 1e-6;
    for (int w = 0; w < weights.length; w++) {
      double[] slopes = new double[weights[w].length];
      for (int i = 0; i < slopes.length; i++) {
        double there = weights[w][i];
        weights[w][i] = there + h;
        double above = decoder.loss(weights, windows);
        weights[w][i] = there - h;
        double below = decoder.loss(weights, windows);
        weights[w][i] = there;
        slopes[i] = (above - below) / (2 * h);
      }
      assertThat(gradients[w]).as("weight %d", w).containsExactly(slopes, within(1e-8));
      assertThat(Arrays.stream(slopes).map(Math::abs).max().orElseThrow()).isGreaterThan(0.01);
    }
  }

  /** Losses and global gradient norms of the same decoder in PyTorch 2.13, float64. */
  @ParameterizedTest
  @CsvSource({
    "GELU,   LAYERNORM, false, false, 2.4376028338982163, 2.3395343980068044",
    "GELU,   LAYERNORM, false, true,  2.2623383129913237, 1.716787127644567",
    "GELU,   LAYERNORM, true,  false, 2.224753646115772, 4.728050522067213",
    "GELU,   LAYERNORM, true,  true,  2.3491074071681735,  3.7606622742205986",
    "GELU,   RMSNORM,   false, false, 2.567700344185538, 2.418713731410238",
    "GELU,   RMSNORM,   false, true,  2.1483526869112257,  1.562480197341805",
    "GELU,   RMSNORM,   true,  false, 2.5271031766444794,  2.2774457416458396",
    "GELU,   RMSNORM,   true,  true,  2.1278052539203474, 1.656803881803412",
    "SWIGLU, LAYERNORM, false, false, 2.2636289856539458, 2.4983164671087725",
    "SWIGLU, LAYERNORM, false, true,  2.484267180778528,  2.2158275107674585",
    "SWIGLU, LAYERNORM, true,  false, 2.1971299925094736,  2.777647746164809",
    "SWIGLU, LAYERNORM, true,  true,  2.6830384557575404, 2.745558987644836",
    "SWIGLU, RMSNORM,   false, false, 2.2862936520838666, 2.672826064591585",
    "SWIGLU, RMSNORM,   false, true,  2.351809328666842,  2.4225003988881633",
    "SWIGLU, RMSNORM,   true,  false, 2.039988562782045, 3.81372160195081",
    "SWIGLU, RMSNORM,   true,  true,  2.594679793553932, 4.813635724178451",
  })
  void agreesWithPyTorch(
      MlpKind mlp, NormKind norm, boolean qkNorm, boolean tied, double loss, double gradientNorm) {
    DecoderConfig config = tiny(options(mlp, norm, qkNorm, tied));
    ReferenceDecoder decoder = new ReferenceDecoder(config);
    double[][] weights = weights(config);

    assertThat(decoder.loss(weights, WINDOWS)).isCloseTo(loss, within(1e-10));
    double squares =
        Arrays.stream(decoder.gradients(weights, WINDOWS))
            .flatMapToDouble(Arrays::stream)
            .map(g -> g * g)
            .sum();
    assertThat(Math.sqrt(squares)).isCloseTo(gradientNorm, within(1e-10));
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void weightsAreThoseThatAreCounted(DecoderOptions options) {
    DecoderConfig config = tiny(options);

    assertThat(Arrays.stream(ReferenceDecoder.sizes(config)).sum())
        .isEqualTo(config.parameters().total());
  }

  /**
   * The probabilities of all third tokens sum to 1 only if the first position's loss is the same
   * with and without the second token among the inputs.
   */
  @ParameterizedTest
  @MethodSource("everyOption")
  void noPositionSeesALaterToken(DecoderOptions options) {
    DecoderConfig config = tiny(options);
    ReferenceDecoder decoder = new ReferenceDecoder(config);
    double[][] weights = weights(config);
    double first = decoder.loss(weights, new int[][] {{3, 1}});
    double sum = 0;
    for (int token = 0; token < VOCABULARY; token++) {
      double second = 2 * decoder.loss(weights, new int[][] {{3, 1, token}}) - first;
      sum += Math.exp(-second);
    }

    assertThat(sum).isCloseTo(1, within(1e-13));
  }

  @Test
  void learnsOneWindowByHeart() {
    DecoderOptions options =
        new DecoderOptions(12, 17, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    DecoderConfig config = new DecoderConfig(options, 2, 16, 2, 40);
    ReferenceDecoder decoder = new ReferenceDecoder(config);
    ReferenceAdamW adamW =
        new ReferenceAdamW(
            new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1), ReferenceDecoder.sizes(config));
    int[][] windows = {{0, 3, 16, 9, 9, 2, 11, 5, 7, 1, 14, 8, 4}};
    double[][] weights = weights(config);
    for (int step = 0; step < 60; step++) {
      adamW.step(weights, decoder.gradients(weights, windows), 0.01);
    }

    assertThat(decoder.loss(weights, windows)).isLessThan(0.05);
  }

  private static DecoderOptions options(MlpKind mlp, NormKind norm, boolean qkNorm, boolean tied) {
    return new DecoderOptions(5, VOCABULARY, mlp, norm, qkNorm, tied);
  }

  private static DecoderConfig tiny(DecoderOptions options) {
    return new DecoderConfig(options, 2, 8, 2, 6);
  }

  /** Weights without a pattern that any language writes down the same. */
  private static double[][] weights(DecoderConfig config) {
    int[] sizes = ReferenceDecoder.sizes(config);
    double[][] weights = new double[sizes.length][];
    for (int w = 0; w < sizes.length; w++) {
      weights[w] = new double[sizes[w]];
      for (int i = 0; i < sizes[w]; i++) {
        weights[w][i] = 0.5 * Math.sin(0.37 * (w + 1) + 0.11 * (i + 1) * (i + 1));
      }
    }
    return weights;
  }

  private static int[][] windows(int count, int length) {
    int[][] windows = new int[count][length];
    for (int b = 0; b < count; b++) {
      for (int t = 0; t < length; t++) {
        windows[b][t] = (t * t + 3 * b * t + b) % VOCABULARY;
      }
    }
    return windows;
  }
}
