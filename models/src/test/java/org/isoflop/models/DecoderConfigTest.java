package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderConfigTest {

  private static final boolean TIED = true;
  private static final boolean UNTIED = false;

  /** Every product written out: V·d, L·4·d², L·2·d·h or L·3·d·h, V·d or 0. */
  static Stream<Arguments> countedByHand() {
    return Stream.of(
        Arguments.of(
            decoder(16, 17, MlpKind.GELU, UNTIED, 1, 8, 2, 32),
            new ParameterCounts(17 * 8, 4 * 8 * 8, 2 * 8 * 32, 0, 17 * 8)),
        Arguments.of(
            decoder(16, 17, MlpKind.GELU, TIED, 1, 8, 2, 32),
            new ParameterCounts(17 * 8, 4 * 8 * 8, 2 * 8 * 32, 0, 0)),
        Arguments.of(
            decoder(128, 256, MlpKind.SWIGLU, UNTIED, 3, 64, 4, 168),
            new ParameterCounts(256 * 64, 3 * 4 * 64 * 64, 3 * 3 * 64 * 168, 0, 256 * 64)),
        Arguments.of(
            decoder(128, 256, MlpKind.SWIGLU, TIED, 3, 64, 4, 168),
            new ParameterCounts(256 * 64, 3 * 4 * 64 * 64, 3 * 3 * 64 * 168, 0, 0)),
        // GPT-2 small's matrices (Radford et al. 2019); its 124M add positions, norms and biases
        Arguments.of(
            decoder(1024, 50_257, MlpKind.GELU, TIED, 12, 768, 12, 3072),
            new ParameterCounts(38_597_376, 28_311_552, 56_623_104, 0, 0)),
        // Llama 2 7B (Touvron et al. 2023): 6,738,415,616 with its 65 norms of 4096 weights
        Arguments.of(
            decoder(4096, 32_000, MlpKind.SWIGLU, UNTIED, 32, 4096, 32, 11_008),
            new ParameterCounts(
                131_072_000,
                2_147_483_648L,
                6_738_415_616L - 65 * 4096 - 2_409_627_648L,
                0,
                131_072_000)));
  }

  @ParameterizedTest
  @MethodSource("countedByHand")
  void parametersAreCountedByComponent(DecoderConfig decoder, ParameterCounts expected) {
    assertThat(decoder.parameters()).isEqualTo(expected);
  }

  @Test
  void countsPastAnInt() {
    DecoderConfig decoder = decoder(2048, 65_536, MlpKind.GELU, UNTIED, 1, 65_536, 64, 262_144);

    assertThat(decoder.parameters().embedding()).isEqualTo(1L << 32);
    assertThat(decoder.parameters().attention()).isEqualTo(1L << 34);
    assertThat(decoder.parameters().mlp()).isEqualTo(1L << 35);
  }

  /**
   * Forward, for one token of a layer with d = 8, h = 32, T = 16, V = 17: q, k, v and output 4·8·8
   * multiplications, the MLP 2·8·32, scores and their mix 16·8 each, the head 17·8; a
   * multiplication and its addition are 2, the backward pass is twice the forward.
   */
  @Test
  void flopsPerTokenByHand() {
    double forward = 2 * (4 * 8 * 8 + 2 * 8 * 32 + 2 * 16 * 8 + 17 * 8);

    assertThat(decoder(16, 17, MlpKind.GELU, UNTIED, 1, 8, 2, 32).flopsPerToken())
        .isEqualTo(3 * forward)
        .isEqualTo(6960);
    assertThat(decoder(16, 17, MlpKind.GELU, TIED, 1, 8, 2, 32).flopsPerToken())
        .as("a tied head multiplies too")
        .isEqualTo(3 * forward);
    assertThat(decoder(16, 17, MlpKind.GELU, UNTIED, 1, 8, 1, 32).flopsPerToken())
        .as("heads share the width")
        .isEqualTo(3 * forward);
    assertThat(decoder(16, 17, MlpKind.SWIGLU, UNTIED, 5, 8, 2, 24).flopsPerToken())
        .isEqualTo(3 * 2 * (5 * (4 * 8 * 8 + 3 * 8 * 24 + 2 * 16 * 8) + 17 * 8))
        .isEqualTo(33_456);
  }

  /**
   * How far 6ND is off, by what N means: V = 32,768, untied, h = 4d. Multiplications per token over
   * 3·2 make the exact count 12·d²·L + 2·T·d·L + d·V.
   */
  @ParameterizedTest
  @CsvSource({
    "128,  4,  512, .76, .14, .90, 1.67",
    "256,  4, 1024, .62, .23, .85, 1.46",
    "512,  8, 1024, .33, .50, .83, 1.17",
    "768, 12, 2048, .17, .57, .74,  .91",
  })
  void sixNdIsOffByWhatNMeans(
      int width,
      int layers,
      int context,
      double headShare,
      double byNonEmbedding,
      double byMatmul,
      double byTotal) {
    DecoderConfig decoder =
        decoder(context, 32_768, MlpKind.GELU, UNTIED, layers, width, width / 64, 4 * width);
    ParameterCounts counts = decoder.parameters();
    double exact = decoder.flopsPerToken();

    assertThat(6 * counts.head() / exact).isCloseTo(headShare, within(.005));
    assertThat(6 * counts.nonEmbedding() / exact).isCloseTo(byNonEmbedding, within(.005));
    assertThat(6 * counts.matmul() / exact).isCloseTo(byMatmul, within(.005));
    assertThat(6 * counts.total() / exact).isCloseTo(byTotal, within(.005));
  }

  @Test
  void namesItsShape() {
    DecoderConfig decoder = decoder(128, 256, MlpKind.SWIGLU, UNTIED, 3, 64, 4, 168);

    assertThat(decoder.shapeName()).isEqualTo("d64-l3");
    assertThat(decoder.headSize()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 64, 4, 256, 'layers must be at least 1, is 0'",
    "1, 64, 0, 256, 'heads must be at least 1, is 0'",
    "1, 64, 4,   0, 'mlp width must be at least 1, is 0'",
    "1,  0, 4, 256, 'width must be a multiple of twice the heads'",
    "1, 63, 4, 256, 'width must be a multiple of twice the heads'",
    "1, 12, 4, 256, 'width must be a multiple of twice the heads'", // head size 3 has no pairs
    "1, 60, 4, 256, 'width must be a multiple of twice the heads'",
    "1, -8, 4, 256, 'width must be a multiple of twice the heads'",
  })
  void refusesShapesThatCannotBeBuilt(
      int layers, int width, int heads, int mlpWidth, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decoder(128, 256, MlpKind.GELU, UNTIED, layers, width, heads, mlpWidth))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 256, 'context must be at least 2 tokens, is 1'",
    "128, 1, 'vocabulary must be at least 2 tokens, is 1'",
  })
  void refusesOptionsThatCannotBeTrained(int context, int vocabulary, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decoder(context, vocabulary, MlpKind.GELU, UNTIED, 1, 64, 4, 256))
        .withMessage(message);
  }

  private static DecoderConfig decoder(
      int context,
      int vocabulary,
      MlpKind mlp,
      boolean tied,
      int layers,
      int width,
      int heads,
      int mlpWidth) {
    return new DecoderConfig(
        new DecoderOptions(context, vocabulary, mlp, NormKind.LAYERNORM, true, tied),
        layers,
        width,
        heads,
        mlpWidth);
  }

  /** Normalised queries and keys of K dimensions have products of at most K. */
  @Test
  void normalisedHeadsOfAnySizeAttendAsSharplyAsOneOf128() {
    for (int heads : new int[] {1, 2, 4, 8}) {
      DecoderConfig normalised =
          new DecoderConfig(
              new DecoderOptions(64, 256, MlpKind.GELU, NormKind.RMSNORM, true, false),
              1,
              128,
              heads,
              512);
      assertThat(normalised.attentionScale() * normalised.headSize())
          .isCloseTo(Math.sqrt(128), within(1e-12));
      DecoderConfig plain =
          new DecoderConfig(
              new DecoderOptions(64, 256, MlpKind.GELU, NormKind.RMSNORM, false, false),
              1,
              128,
              heads,
              512);
      assertThat(plain.attentionScale()).isEqualTo(1 / Math.sqrt(128.0 / heads));
    }
  }
}
