package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The training program against independent double-precision arithmetic, and against itself. Runs on
 * the device that the system property {@code isoflop.device} names; the CPU unless it is set.
 */
final class DecoderProgramTest {

  private static final Device DEVICE =
      TorchRuntime.device(System.getProperty("isoflop.device", "cpu"));
  private static final OptimizerSettings ADAMW = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);
  private static final int CONTEXT = 12;
  private static final int VOCABULARY = 17;

  static Stream<DecoderConfig> everyOption() {
    List<DecoderConfig> all = new ArrayList<>();
    for (MlpKind mlp : MlpKind.values()) {
      for (NormKind norm : NormKind.values()) {
        for (boolean qkNorm : new boolean[] {false, true}) {
          for (boolean tied : new boolean[] {false, true}) {
            all.add(decoder(mlp, norm, qkNorm, tied));
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void lossAndGradientsEqualTheReferenceWhateverThePass(DecoderConfig decoder) {
    DecoderState state = wide(DecoderState.initial(decoder, 3));
    ReferenceDecoder reference = new ReferenceDecoder(decoder);
    double[][] weights = widened(state.weights());
    long[] offsets = {0, 40, 7, 90, 61};
    int[][] windows = windows(offsets);
    double loss = reference.loss(weights, windows);
    double[][] gradients = reference.gradients(weights, windows);
    try (TokenArrays tokens = tokens()) {
      for (int passSequences : new int[] {1, 2, 4, 5, 99}) {
        try (DecoderProgram program =
            DecoderProgram.load(decoder, ADAMW, Precision.FLOAT32, passSequences, tokens, state)) {
          List<float[]> result = program.gradients(offsets);
          assertThat((double) result.get(0)[0]).isCloseTo(loss, within(1e-5 * loss));
          for (int i = 0; i < gradients.length; i++) {
            assertThat(relativeError(result.get(i + 1), gradients[i]))
                .as(WeightMatrix.of(decoder).get(i).name())
                .isLessThan(1e-3);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void evaluationIsTheMeanOverAllWindows(DecoderConfig decoder) {
    DecoderState state = DecoderState.initial(decoder, 3);
    long[] offsets = {1, 2, 30, 44, 80};
    double expected =
        new ReferenceDecoder(decoder).loss(widened(state.weights()), windows(offsets));
    try (TokenArrays tokens = tokens()) {
      for (int passSequences : new int[] {1, 2, 5}) {
        try (DecoderProgram program =
            DecoderProgram.load(decoder, ADAMW, Precision.FLOAT32, passSequences, tokens, state)) {
          assertThat(program.evaluate(offsets)).isCloseTo(expected, within(1e-5 * expected));
        }
      }
    }
  }

  @Test
  void threeHundredStepsFollowTheReferenceOptimizer() {
    // Small learning rate: training is chaotic, and float32 noise grows with every step.
    DecoderConfig decoder = decoder(MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    OptimizerSettings settings = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 0.5);
    int steps = 300;
    float rate = 2e-3f;
    long[][] offsets = randomOffsets(steps, 4);
    float[] rates = new float[steps];
    for (int i = 0; i < steps; i++) {
      rates[i] = rate * Math.min(1, (i + 1) / 20f);
    }
    DecoderState state = DecoderState.initial(decoder, 5);
    double[][] weights = widened(state.weights());
    int[] sizes = WeightMatrix.of(decoder).stream().mapToInt(WeightMatrix::size).toArray();
    ReferenceDecoder reference = new ReferenceDecoder(decoder);
    ReferenceAdamW adamW = new ReferenceAdamW(settings, sizes);
    try (TokenArrays tokens = tokens();
        DecoderProgram program =
            DecoderProgram.load(decoder, settings, Precision.FLOAT32, 4, tokens, state)) {
      StepMetrics metrics = program.train(offsets, rates);
      for (int step = 0; step < steps; step++) {
        int[][] windows = windows(offsets[step]);
        double loss = reference.loss(weights, windows);
        double norm = adamW.step(weights, reference.gradients(weights, windows), rates[step]);
        assertThat((double) metrics.losses()[step])
            .as("loss at step " + step)
            .isCloseTo(loss, within(1e-4 * loss));
        assertThat((double) metrics.gradientNorms()[step])
            .as("gradient norm at step " + step)
            .isCloseTo(norm, within(1e-3 * norm));
      }
      assertThat(metrics.losses()[steps - 1]).isLessThan(metrics.losses()[0] - 0.5f);
      List<float[]> trained = program.state().weights();
      for (int i = 0; i < weights.length; i++) {
        assertThat(relativeError(trained.get(i), weights[i]))
            .as(WeightMatrix.of(decoder).get(i).name())
            .isLessThan(1e-3);
      }
    }
  }

  @Test
  void bfloat16StaysNearFloat32() {
    DecoderConfig decoder = decoder(MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    DecoderState state = DecoderState.initial(decoder, 5);
    long[][] offsets = randomOffsets(100, 4);
    float[] rates = new float[100];
    Arrays.fill(rates, 3e-3f);
    try (TokenArrays tokens = tokens();
        DecoderProgram exact =
            DecoderProgram.load(decoder, ADAMW, Precision.FLOAT32, 4, tokens, state);
        DecoderProgram rounded =
            DecoderProgram.load(decoder, ADAMW, Precision.BFLOAT16, 4, tokens, state)) {
      float[] expected = exact.train(offsets, rates).losses();
      float[] actual = rounded.train(offsets, rates).losses();
      assertThat(actual).isNotEqualTo(expected);
      assertThat(actual[0]).isCloseTo(expected[0], within(0.01f * expected[0]));
      assertThat(actual[99]).isCloseTo(expected[99], within(0.1f * expected[99]));
    }
  }

  @Test
  void trainingIsTheSameWhateverTheCallsAndThroughItsState() {
    DecoderConfig decoder = decoder(MlpKind.GELU, NormKind.RMSNORM, true, true);
    DecoderState initial = DecoderState.initial(decoder, 9);
    long[][] offsets = randomOffsets(30, 4);
    float[] rates = new float[30];
    Arrays.fill(rates, 1e-2f);
    try (TokenArrays tokens = tokens();
        DecoderProgram whole =
            DecoderProgram.load(decoder, ADAMW, Precision.FLOAT32, 4, tokens, initial);
        DecoderProgram parts =
            DecoderProgram.load(decoder, ADAMW, Precision.FLOAT32, 4, tokens, initial)) {
      whole.train(offsets, rates);
      for (int from = 0; from < 30; from += 10) {
        parts.train(
            Arrays.copyOfRange(offsets, from, from + 10),
            Arrays.copyOfRange(rates, from, from + 10));
        try (DecoderProgram resumed =
            DecoderProgram.load(decoder, ADAMW, Precision.FLOAT32, 4, tokens, parts.state())) {
          assertSame(resumed.state(), parts.state());
          parts.restore(resumed.state());
        }
      }
      assertThat(parts.state().step()).isEqualTo(30);
      assertSame(parts.state(), whole.state());
    }
  }

  @Test
  void tensorsOnTheDeviceAddUpToTheCounts() {
    everyOption()
        .forEach(
            decoder -> {
              try (TokenArrays tokens = tokens();
                  DecoderProgram program =
                      DecoderProgram.load(
                          decoder,
                          ADAMW,
                          Precision.FLOAT32,
                          4,
                          tokens,
                          DecoderState.initial(decoder, 1))) {
                long elements =
                    program.state().weights().stream().mapToLong(weight -> weight.length).sum();
                assertThat(elements).isEqualTo(decoder.parameters().total());
              }
            });
  }

  private static DecoderConfig decoder(MlpKind mlp, NormKind norm, boolean qkNorm, boolean tied) {
    return new DecoderConfig(
        new DecoderOptions(CONTEXT, VOCABULARY, mlp, norm, qkNorm, tied), 2, 16, 2, 24);
  }

  /** Larger weights than training starts with, so that no gradient is near zero. */
  private static DecoderState wide(DecoderState state) {
    for (float[] weight : state.weights()) {
      for (int i = 0; i < weight.length; i++) {
        weight[i] *= 2;
      }
    }
    return state;
  }

  private static byte[] text() {
    byte[] text = new byte[128];
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (i % 3 == 0 ? random.nextInt(VOCABULARY) : (5 * i) % VOCABULARY);
    }
    return text;
  }

  private static TokenArrays tokens() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(128).put(text()).flip();
    return new TokenArrays(buffer, buffer.duplicate(), 1, DEVICE);
  }

  private static int[][] windows(long[] offsets) {
    byte[] text = text();
    int[][] windows = new int[offsets.length][CONTEXT + 1];
    for (int i = 0; i < offsets.length; i++) {
      for (int t = 0; t <= CONTEXT; t++) {
        windows[i][t] = text[(int) offsets[i] + t];
      }
    }
    return windows;
  }

  private static long[][] randomOffsets(int steps, int batch) {
    SplittableRandom random = new SplittableRandom(8);
    long[][] offsets = new long[steps][batch];
    for (long[] step : offsets) {
      Arrays.setAll(step, i -> random.nextInt(text().length - CONTEXT));
    }
    return offsets;
  }

  private static double[][] widened(List<float[]> arrays) {
    double[][] wide = new double[arrays.size()][];
    for (int i = 0; i < wide.length; i++) {
      float[] narrow = arrays.get(i);
      wide[i] = new double[narrow.length];
      for (int j = 0; j < narrow.length; j++) {
        wide[i][j] = narrow[j];
      }
    }
    return wide;
  }

  /** Largest difference over the largest value of the array. */
  private static double relativeError(float[] actual, double[] expected) {
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
      scale = Math.max(scale, Math.abs(expected[i]));
    }
    return difference / scale;
  }

  private static void assertSame(DecoderState actual, DecoderState expected) {
    assertThat(actual.step()).isEqualTo(expected.step());
    for (int i = 0; i < expected.weights().size(); i++) {
      assertThat(actual.weights().get(i)).containsExactly(expected.weights().get(i));
      assertThat(actual.firstMoments().get(i)).containsExactly(expected.firstMoments().get(i));
      assertThat(actual.secondMoments().get(i)).containsExactly(expected.secondMoments().get(i));
    }
  }
}
