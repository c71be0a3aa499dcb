package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.isoflop.models.WeightMatrix.UpdateScale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The maximal update parametrisation beside the standard one. */
final class BaseShapeTest {

  private static final int CONTEXT = 12;
  private static final int VOCABULARY = 17;
  private static final int SEQUENCES = 8;

  /** The tables of the two papers, for 4 times the width, 3 times the layers and 5 the hidden. */
  @Test
  void scalesAreThoseOfThePapers() {
    DecoderOptions options = options(false, false);
    DecoderConfig base = new DecoderConfig(options, 2, 16, 2, 40);
    DecoderConfig decoder = new DecoderConfig(options.scaledFrom(base), 6, 64, 4, 200);
    Offset<Double> rounding = within(1e-15);

    assertThat(decoder.logitScale()).isEqualTo(1 / 4.0);
    assertThat(decoder.residualScale()).isEqualTo(1 / 3.0);
    assertThat(decoder.attentionScale()).isCloseTo(Math.sqrt(8) / 16, rounding);
    List<WeightMatrix> weights = WeightMatrix.of(decoder);
    assertThat(weights.get(0).initialStd()).as("embedding").isEqualTo(1 / 4.0);
    assertThat(weights.get(1).initialStd()).as("qkv").isEqualTo(1 / 8.0);
    assertThat(weights.get(2).initialStd()).as("output").isCloseTo(1 / 16.0, rounding);
    assertThat(weights.get(3).initialStd()).as("up").isEqualTo(1 / 8.0);
    assertThat(weights.get(4).initialStd()).as("down").isCloseTo(.5 / Math.sqrt(200), rounding);
    assertThat(weights.get(25).initialStd()).as("head").isEqualTo(1 / 16.0);
    UpdateScale ofWidth = new UpdateScale(1 / 4.0, 1 / 12.0);
    assertThat(weights.stream().map(WeightMatrix::update).distinct())
        .containsExactly(
            new UpdateScale(1, 1 / 4.0), ofWidth, new UpdateScale(1 / 5.0, ofWidth.epsilon()));
  }

  @Test
  void theBaseIsWhatItIsWithout() {
    for (boolean tied : new boolean[] {false, true}) {
      DecoderOptions options = options(false, tied);
      DecoderConfig plain = new DecoderConfig(options, 3, 40, 5, 104);
      DecoderConfig scaled = new DecoderConfig(options.scaledFrom(plain), 3, 40, 5, 104);
      DecoderConfig other =
          new DecoderConfig(
              options.scaledFrom(new DecoderConfig(options, 3, 20, 5, 52)), 3, 40, 5, 104);
      int[] windows = windows(1, 20);
      float[][] expected = trained(plain, 1, windows, 20).weights().toArray(float[][]::new);
      assertThat(trained(scaled, 1, windows, 20).weights().toArray(float[][]::new))
          .isDeepEqualTo(expected);
      assertThat(trained(other, 1, windows, 20).weights().get(1)).isNotEqualTo(expected[1]);
    }
  }

  /** To the bit what they were before there was any other parametrisation. */
  @Test
  void initialWeightsOfTheStandardOneStayAsTheyAre() {
    DecoderConfig decoder = new DecoderConfig(options(true, false), 3, 24, 2, 56);
    assertThat(
            DecoderState.initial(decoder, 7).weights().stream()
                .map(Arrays::hashCode)
                .toList()
                .hashCode())
        .isEqualTo(-2125741533);
  }

  /** What torch.optim.AdamW and autograd of PyTorch 2.13 make in float64 of the same weights. */
  @Test
  void sixStepsAreThoseOfPyTorch() {
    DecoderOptions plain = options(true, false);
    assertSteps(
        new DecoderConfig(plain, 3, 24, 2, 56),
        2.9025700210620804,
        2.637405049906335,
        2.253958832765218,
        1.972794947183342,
        1.683333544459555,
        1.4596222400700813);
    DecoderOptions scaled =
        options(false, false).scaledFrom(new DecoderConfig(plain, 2, 16, 2, 48));
    assertSteps(
        new DecoderConfig(scaled, 3, 24, 2, 56),
        2.9035826776424725,
        2.705861712037177,
        2.3596786725089522,
        2.1310083274681344,
        1.9080585089385338,
        1.7395764343383844);
  }

  private static void assertSteps(DecoderConfig decoder, double... losses) {
    int[] windows =
        IntStream.range(0, 6 * 4 * (CONTEXT + 1)).map(i -> (i * i + 3 * i) % VOCABULARY).toArray();
    float[] rates = {.01f, .02f, .02f, .02f, .02f, .01f};
    OptimizerSettings settings = new OptimizerSettings(.9, .95, 1e-3, .5, .5);
    try (DecoderProgram program = load(decoder, settings, DecoderState.initial(decoder, 7))) {
      float[] trained = program.train(windows, rates).losses();
      for (int step = 0; step < losses.length; step++) {
        assertThat((double) trained[step]).isCloseTo(losses[step], within(2e-5));
      }
    }
  }

  /**
   * The coordinate check (Yang et al. 2022, appendix D.1): how far a few steps at one learning rate
   * move residual stream, attention and logits is the same at 8 times the width.
   */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false"})
  void whatAStepDoesIsTheSameAtEveryWidth(boolean qkNorm, boolean tied) {
    DecoderOptions options = options(qkNorm, tied);
    DecoderOptions mup = options.scaledFrom(new DecoderConfig(options, 2, 16, 2, 40));
    double[] narrow = moved(new DecoderConfig(mup, 2, 16, 2, 40));
    double[] wide = moved(new DecoderConfig(mup, 2, 128, 16, 320));
    double[] standard = moved(new DecoderConfig(options, 2, 128, 16, 320));

    for (int i = 0; i < narrow.length; i++) {
      assertThat(wide[i] / narrow[i]).as("mup " + i).isBetween(1 / 1.7, 1.3);
      assertThat(standard[i] / narrow[i]).as("standard " + i).isGreaterThan(i == 1 ? 1.4 : 3);
    }
  }

  /** With heads as many times as large; from random ones on attention then moves less. */
  @Test
  void attentionOfLargeHeadsDoesNotGrowSharper() {
    DecoderOptions options = options(false, false);
    DecoderOptions mup = options.scaledFrom(new DecoderConfig(options, 2, 16, 2, 40));
    double narrow = moved(new DecoderConfig(mup, 2, 16, 2, 40))[1];

    assertThat(moved(new DecoderConfig(mup, 2, 128, 2, 320))[1] / narrow).isBetween(.25, 1.0);
    assertThat(moved(new DecoderConfig(options, 2, 128, 2, 320))[1] / narrow).isGreaterThan(3);
  }

  @Test
  void whatAStepDoesIsTheSameAtEveryDepth() {
    DecoderOptions options = options(true, false);
    DecoderOptions mup = options.scaledFrom(new DecoderConfig(options, 2, 32, 4, 80));
    double[] shallow = moved(new DecoderConfig(mup, 2, 32, 4, 80));
    double[] deep = moved(new DecoderConfig(mup, 32, 32, 4, 80));
    double[] standard = moved(new DecoderConfig(options, 32, 32, 4, 80));

    for (int i = 0; i < shallow.length; i++) {
      assertThat(deep[i] / shallow[i]).as("mup " + i).isBetween(1 / 1.3, 1.3);
    }
    assertThat(standard[0] / shallow[0]).as("standard").isGreaterThan(3);
  }

  @Test
  void refusesAShapeThatCannotBeBuilt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BaseShape(0, 64, 4, 168))
        .withMessage("layers must be at least 1, is 0");
  }

  /**
   * Returns how far four steps move stream, attention scores and logits, as the root of the mean
   * square over entries and two seeds.
   */
  private static double[] moved(DecoderConfig decoder) {
    int seeds = 2;
    double[] squares = new double[3];
    for (int seed = 1; seed <= seeds; seed++) {
      int[] window = Arrays.copyOf(windows(seed, 1), CONTEXT + 1);
      ReferenceDecoder reference = new ReferenceDecoder(decoder);
      var before = reference.coordinates(widened(DecoderState.initial(decoder, seed)), window);
      DecoderState state = trained(decoder, seed, windows(seed, 4), 4);
      var after = reference.coordinates(widened(state), window);
      squares[0] += meanSquare(before.x(), after.x());
      squares[1] += meanSquare(before.scores(), after.scores());
      squares[2] += meanSquare(before.logits(), after.logits());
    }
    return Arrays.stream(squares).map(sum -> Math.sqrt(sum / seeds)).toArray();
  }

  private static double meanSquare(double[][] before, double[][] after) {
    return IntStream.range(0, before.length)
        .boxed()
        .flatMapToDouble(
            t ->
                IntStream.range(0, before[t].length)
                    .mapToDouble(i -> Math.pow(after[t][i] - before[t][i], 2)))
        .average()
        .orElseThrow();
  }

  private static DecoderState trained(DecoderConfig decoder, long seed, int[] windows, int steps) {
    float[] rates = new float[steps];
    Arrays.fill(rates, .01f);
    OptimizerSettings settings = new OptimizerSettings(.9, .95, 1e-8, .1, 1);
    try (DecoderProgram program = load(decoder, settings, DecoderState.initial(decoder, seed))) {
      program.train(windows, rates);
      return program.state();
    }
  }

  private static DecoderProgram load(
      DecoderConfig decoder, OptimizerSettings settings, DecoderState state) {
    return DecoderProgram.load(
        decoder, settings, Precision.FLOAT32, SEQUENCES, Device.cpu(), state);
  }

  /** Returns the same batch so many times, of sequences in which most tokens follow a rule. */
  private static int[] windows(long seed, int steps) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] batch = new int[SEQUENCES * (CONTEXT + 1)];
    for (int i = 0; i < batch.length; i++) {
      boolean free = i % (CONTEXT + 1) == 0 || random.nextInt(4) == 0;
      batch[i] = free ? random.nextInt(VOCABULARY) : (3 * batch[i - 1] + 5) % VOCABULARY;
    }
    return Stream.generate(() -> batch).limit(steps).flatMapToInt(Arrays::stream).toArray();
  }

  private static double[][] widened(DecoderState state) {
    return state.weights().stream()
        .map(w -> IntStream.range(0, w.length).mapToDouble(i -> w[i]).toArray())
        .toArray(double[][]::new);
  }

  private static DecoderOptions options(boolean qkNorm, boolean tied) {
    return new DecoderOptions(
        CONTEXT, VOCABULARY, MlpKind.SWIGLU, NormKind.LAYERNORM, qkNorm, tied);
  }
}
