package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The training program against independent double-precision arithmetic, and against itself. Runs on
 * the device that the system property {@code isoflop.device} names; the CPU unless it is set.
 */
final class DecoderProgramTest {

  private static final Device DEVICE =
      TorchRuntime.device(System.getProperty("isoflop.device", "cpu"));
  private static final OptimizerSettings ADAMW = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);

  /** What a base of width 24 and one layer makes of 16, hidden 24 for 24·4, and two layers. */
  private static final double[] SCALED_RATES = {1, 1.5, 1.5, 1.5, 4, 1.5, 1.5, 1.5, 4, 1};

  private static final double[] SCALED_EPSILONS = {
    1.5, .75, .75, .75, .75, .75, .75, .75, .75, 1.5
  };

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
    for (boolean qkNorm : new boolean[] {false, true}) {
      for (boolean tied : new boolean[] {false, true}) {
        all.add(scaled(decoder(MlpKind.SWIGLU, NormKind.LAYERNORM, qkNorm, tied)));
      }
    }
    return all.stream();
  }

  /** One after another, in pairs of which the last is alone, and all at once. */
  @ParameterizedTest
  @MethodSource("everyOption")
  void lossAndGradientsEqualTheReferenceWhateverThePass(DecoderConfig decoder) {
    DecoderState state = wide(DecoderState.initial(decoder, 3));
    ReferenceDecoder reference = new ReferenceDecoder(decoder);
    double[][] weights = widened(state.weights());
    int[][] windows = windows(0, 40, 7, 90, 61);
    double loss = reference.loss(weights, windows);
    double[][] gradients = reference.gradients(weights, windows);
    for (int passSequences : new int[] {1, 2, 99}) {
      try (DecoderProgram program = load(decoder, Precision.FLOAT32, passSequences, state)) {
        assertClose(decoder, program.gradients(flat(windows)), loss, gradients);
        assertThat(program.evaluate(windows.length, window -> windows[(int) window]))
            .isCloseTo(loss, within(1e-5 * loss));
        assertThat(program.state().weights().stream().mapToLong(weight -> weight.length).sum())
            .isEqualTo(decoder.parameters().total());
      }
    }
  }

  /** More positions in a pass than go through the head at once, in one step and in a third. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theChunksOfALargeVocabularyChangeNothing(boolean tied) {
    assertThat(IntStream.of(256, 50_000, 1 << 25).map(DecoderProgram::chunkPositions))
        .containsExactly(65_536, 335, 1);
    DecoderConfig decoder = decoder(MlpKind.GELU, NormKind.LAYERNORM, true, tied);
    DecoderState state = wide(DecoderState.initial(decoder, 3));
    double[][] weights = widened(state.weights());
    int[][] windows = windows(0, 40, 7, 90, 61, 22);
    ReferenceDecoder reference = new ReferenceDecoder(decoder);
    double loss = reference.loss(weights, windows);
    double[][] gradients = reference.gradients(weights, windows);
    for (int passSequences : new int[] {6, 2}) {
      for (int chunk : new int[] {1, 10, 23}) {
        try (DecoderProgram program =
            DecoderProgram.load(
                decoder, ADAMW, Precision.FLOAT32, passSequences, chunk, DEVICE, state)) {
          assertClose(decoder, program.gradients(flat(windows)), loss, gradients);
          double evaluated = program.evaluate(windows.length, window -> windows[(int) window]);
          assertThat(evaluated).isCloseTo(loss, within(1e-5 * loss));
        }
      }
    }
  }

  @Test
  void evaluationIsTheMeanOverAllWindowsEachAskedForOnce() {
    DecoderConfig decoder = decoder(MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    DecoderState state = DecoderState.initial(decoder, 3);
    int[][] windows = windows(1, 2, 30, 44, 80);
    double expected = new ReferenceDecoder(decoder).loss(widened(state.weights()), windows);
    for (int passSequences : new int[] {1, 2, 3, 4, 5, 99}) {
      try (DecoderProgram program = load(decoder, Precision.FLOAT32, passSequences, state)) {
        List<Long> asked = new ArrayList<>();
        double loss =
            program.evaluate(
                windows.length,
                window -> {
                  asked.add(window);
                  return windows[(int) window];
                });
        assertThat(loss).isCloseTo(expected, within(1e-5 * expected));
        assertThat(asked).containsExactly(0L, 1L, 2L, 3L, 4L);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHundredStepsFollowTheReferenceOptimizer(boolean mup) {
    // Small learning rate: training is chaotic, and float32 noise grows with every step.
    DecoderConfig plain = decoder(MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    DecoderConfig decoder = mup ? scaled(plain) : plain;
    OptimizerSettings settings = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 0.5);
    int steps = 100;
    float rate = 2e-3f;
    int[][][] windows = randomWindows(steps, 4);
    float[] rates = new float[steps];
    for (int i = 0; i < steps; i++) {
      rates[i] = rate * Math.min(1, (i + 1) / 20f);
    }
    DecoderState state = DecoderState.initial(decoder, 5);
    double[][] weights = widened(state.weights());
    int[] sizes = WeightMatrix.of(decoder).stream().mapToInt(WeightMatrix::size).toArray();
    ReferenceDecoder reference = new ReferenceDecoder(decoder);
    ReferenceAdamW adamW =
        mup
            ? new ReferenceAdamW(settings, sizes, SCALED_RATES, SCALED_EPSILONS)
            : new ReferenceAdamW(settings, sizes);
    try (DecoderProgram program =
        DecoderProgram.load(decoder, settings, Precision.FLOAT32, 4, DEVICE, state)) {
      StepMetrics metrics = program.train(flat(windows), rates);
      for (int step = 0; step < steps; step++) {
        double loss = reference.loss(weights, windows[step]);
        double norm = adamW.step(weights, reference.gradients(weights, windows[step]), rates[step]);
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
    int[] windows = flat(randomWindows(100, 4));
    float[] rates = new float[100];
    Arrays.fill(rates, 3e-3f);
    try (DecoderProgram exact = load(decoder, Precision.FLOAT32, 4, state);
        DecoderProgram rounded = load(decoder, Precision.BFLOAT16, 4, state)) {
      float[] expected = exact.train(windows, rates).losses();
      float[] actual = rounded.train(windows, rates).losses();
      assertThat(actual).isNotEqualTo(expected);
      assertThat(actual[0]).isCloseTo(expected[0], within(0.01f * expected[0]));
      assertThat(actual[99]).isCloseTo(expected[99], within(0.1f * expected[99]));
    }
  }

  @Test
  void trainingIsTheSameWhateverTheCallsAndThroughItsState() {
    DecoderConfig decoder = decoder(MlpKind.GELU, NormKind.RMSNORM, true, true);
    DecoderState initial = DecoderState.initial(decoder, 9);
    int[][][] windows = randomWindows(30, 4);
    float[] rates = new float[30];
    Arrays.fill(rates, 1e-2f);
    try (DecoderProgram whole = load(decoder, Precision.FLOAT32, 4, initial);
        DecoderProgram parts = load(decoder, Precision.FLOAT32, 4, initial)) {
      whole.train(flat(windows), rates);
      for (int from = 0; from < 30; from += 10) {
        parts.train(
            flat(Arrays.copyOfRange(windows, from, from + 10)),
            Arrays.copyOfRange(rates, from, from + 10));
        try (DecoderProgram resumed = load(decoder, Precision.FLOAT32, 4, parts.state())) {
          assertSame(resumed.state(), parts.state());
          parts.restore(resumed.state());
        }
      }
      assertThat(parts.state().step()).isEqualTo(30);
      assertSame(parts.state(), whole.state());
    }
  }

  @Test
  void refusesWhatIsNoWindows() {
    DecoderConfig decoder = decoder(MlpKind.GELU, NormKind.RMSNORM, true, true);
    try (DecoderProgram program =
        load(decoder, Precision.FLOAT32, 4, DecoderState.initial(decoder, 1))) {
      float[] rates = new float[2];
      for (int tokens : new int[] {0, CONTEXT + 1, 2 * CONTEXT, 4 * (CONTEXT + 1) - 1}) {
        assertThatThrownBy(() -> program.train(new int[tokens], rates))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("%d tokens are no windows of 13 for 2 steps", tokens);
      }
      assertThatThrownBy(() -> program.evaluate(0, window -> new int[CONTEXT + 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("nothing to evaluate on");
    }
  }

  private static void assertClose(
      DecoderConfig decoder, List<float[]> result, double loss, double[][] gradients) {
    assertThat((double) result.get(0)[0]).isCloseTo(loss, within(1e-5 * loss));
    for (int i = 0; i < gradients.length; i++) {
      assertThat(relativeError(result.get(i + 1), gradients[i]))
          .as(WeightMatrix.of(decoder).get(i).name())
          .isLessThan(1e-3);
    }
  }

  private static DecoderConfig decoder(MlpKind mlp, NormKind norm, boolean qkNorm, boolean tied) {
    return new DecoderConfig(
        new DecoderOptions(CONTEXT, VOCABULARY, mlp, norm, qkNorm, tied), 2, 16, 2, 24);
  }

  /** Returns the same as others are that have the scales of another shape. */
  private static DecoderConfig scaled(DecoderConfig decoder) {
    DecoderOptions options = decoder.options();
    return new DecoderConfig(
        options.scaledFrom(new DecoderConfig(options, 1, 24, 1, 96)),
        decoder.layers(),
        decoder.width(),
        decoder.heads(),
        decoder.mlpWidth());
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

  private static DecoderProgram load(
      DecoderConfig decoder, Precision precision, int passSequences, DecoderState state) {
    return DecoderProgram.load(decoder, ADAMW, precision, passSequences, DEVICE, state);
  }

  private static int[][] windows(int... offsets) {
    byte[] text = text();
    int[][] windows = new int[offsets.length][CONTEXT + 1];
    for (int i = 0; i < offsets.length; i++) {
      for (int t = 0; t <= CONTEXT; t++) {
        windows[i][t] = text[offsets[i] + t];
      }
    }
    return windows;
  }

  private static int[][][] randomWindows(int steps, int batch) {
    SplittableRandom random = new SplittableRandom(8);
    int[][][] windows = new int[steps][][];
    for (int step = 0; step < steps; step++) {
      windows[step] = windows(random.ints(batch, 0, text().length - CONTEXT).toArray());
    }
    return windows;
  }

  private static int[] flat(int[][]... steps) {
    return Stream.of(steps).flatMap(Stream::of).flatMapToInt(IntStream::of).toArray();
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
