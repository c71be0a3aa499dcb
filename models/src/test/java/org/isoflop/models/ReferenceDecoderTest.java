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
    double h = 1e-5;
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
    "GELU,   LAYERNORM, false, false, 2.4376028338982736, 2.3395343980067858",
    "GELU,   LAYERNORM, false, true,  2.2623383129912447, 1.7167871276443225",
    "GELU,   LAYERNORM, true,  false, 2.3658774188108116, 2.4404822521012375",
    "GELU,   LAYERNORM, true,  true,  2.237239845687501,  1.566217532733163",
    "GELU,   RMSNORM,   false, false, 2.5677003441854915, 2.4187137314101466",
    "GELU,   RMSNORM,   false, true,  2.148352686911167,  1.56248019734168",
    "GELU,   RMSNORM,   true,  false, 2.542126652794058,  2.4472968428368964",
    "GELU,   RMSNORM,   true,  true,  2.1542413894515695, 1.5684235741836814",
    "SWIGLU, LAYERNORM, false, false, 2.2636289856540106, 2.498316467108699",
    "SWIGLU, LAYERNORM, false, true,  2.484267180778432,  2.2158275107673537",
    "SWIGLU, LAYERNORM, true,  false, 2.337398225439011,  2.5889286683876067",
    "SWIGLU, LAYERNORM, true,  true,  2.5358338405805068, 2.2668880531036932",
    "SWIGLU, RMSNORM,   false, false, 2.2862936520838977, 2.672826064591436",
    "SWIGLU, RMSNORM,   false, true,  2.351809328666744,  2.4225003988880984",
    "SWIGLU, RMSNORM,   true,  false, 2.2165973672365866, 2.6413426477540383",
    "SWIGLU, RMSNORM,   true,  true,  2.4243907478642246, 2.44032785923016",
  })
  void agreesWithPyTorch(
      MlpKind mlp, NormKind norm, boolean qkNorm, boolean tied, double loss, double gradientNorm) {
    DecoderConfig config = tiny(options(mlp, norm, qkNorm, tied));
    ReferenceDecoder decoder = new ReferenceDecoder(config);
    double[][] weights = weights(config);

    assertThat(decoder.loss(weights, WINDOWS)).isCloseTo(loss, within(1e-12));
    double squares =
        Arrays.stream(decoder.gradients(weights, WINDOWS))
            .flatMapToDouble(Arrays::stream)
            .map(g -> g * g)
            .sum();
    assertThat(Math.sqrt(squares)).isCloseTo(gradientNorm, within(1e-12));
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
