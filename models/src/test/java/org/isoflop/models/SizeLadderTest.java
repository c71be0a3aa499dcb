package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeLadderTest {

  private static final DecoderOptions BYTES = options(256, MlpKind.SWIGLU, false);

  static Stream<DecoderOptions> everyOption() {
    return Stream.of(256, 4096, 32_768, 131_072)
        .flatMap(
            vocabulary ->
                Stream.of(
                    options(vocabulary, MlpKind.GELU, false),
                    options(vocabulary, MlpKind.GELU, true),
                    options(vocabulary, MlpKind.SWIGLU, false),
                    options(vocabulary, MlpKind.SWIGLU, true)));
  }

  /** So a size may be asked for anywhere and is met within √1.91, a factor 1.38. */
  @ParameterizedTest
  @MethodSource("everyOption")
  void everyRungIsAboveTheLastByLessThanAFactorTwo(DecoderOptions options) {
    List<DecoderConfig> rungs = new SizeLadder(options).rungs();
    for (int i = 1; i < rungs.size(); i++) {
      double step = (double) total(rungs.get(i)) / total(rungs.get(i - 1));
      assertThat(step).as("%s", rungs.get(i)).isGreaterThan(1).isLessThan(1.91);
    }
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void everyRungIsACustomaryDecoder(DecoderOptions options) {
    assertThat(new SizeLadder(options).rungs())
        .allSatisfy(
            rung -> {
              assertThat(rung.options()).isEqualTo(options);
              assertThat(rung.headSize()).isIn(8, 10, 12, 14, 16, 32, 64);
              assertThat(rung.mlpWidth() % 8).isZero();
              assertThat(
                      rung.mlpWidth() - ShapeRule.CUSTOMARY.mlpWidth(options.mlp(), rung.width()))
                  .isBetween(-4.0, 4.0);
              assertThat(rung.shapeName()).matches("d\\d+-l\\d+");
              assertThat(rung.layers() - ShapeRule.CUSTOMARY.layers(rung.width()))
                  .isBetween(-0.5, 0.5);
            });
  }

  @Test
  void spansFiveThousandToAHundredBillionParameters() {
    List<DecoderConfig> rungs = new SizeLadder(BYTES).rungs();

    assertThat(rungs.get(0)).isEqualTo(new DecoderConfig(BYTES, 2, 8, 1, 24));
    assertThat(total(rungs.get(0))).isEqualTo(2 * 256 * 8 + 2 * (4 * 8 * 8 + 3 * 8 * 24));
    assertThat(rungs.get(rungs.size() - 1))
        .isEqualTo(new DecoderConfig(BYTES, 128, 8192, 128, 21_848));
  }

  @ParameterizedTest
  @CsvSource({
    "5e4, d40-l2,  58240",
    "2.5e5, d80-l3, 273280",
    "1e6, d144-l4, 1069056",
    "5e6, d256-l6, 4837376",
    "1, d8-l2, 5760",
    "1e15, d8192-l128, 103091798016",
  })
  void nearestRungs(double target, String shape, long parameters) {
    DecoderConfig nearest = new SizeLadder(BYTES).nearest(target);

    assertThat(nearest.shapeName()).isEqualTo(shape);
    assertThat(total(nearest)).isEqualTo(parameters);
  }

  /** Between neighbours a and b the choice changes at their geometric mean √(a·b). */
  @Test
  void nearestIsByRatio() {
    SizeLadder ladder = new SizeLadder(BYTES);
    for (int i = 1; i < ladder.rungs().size(); i++) {
      DecoderConfig below = ladder.rungs().get(i - 1);
      DecoderConfig above = ladder.rungs().get(i);
      double middle = Math.sqrt((double) total(below) * total(above));
      assertThat(ladder.nearest((double) total(below))).isEqualTo(below);
      assertThat(ladder.nearest(middle * 0.999)).isEqualTo(below);
      assertThat(ladder.nearest(middle * 1.001)).isEqualTo(above);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesTargetsThatAreNoSize(double target) {
    SizeLadder ladder = new SizeLadder(BYTES);

    assertThatIllegalArgumentException().isThrownBy(() -> ladder.nearest(target));
  }

  private static long total(DecoderConfig decoder) {
    return decoder.parameters().total();
  }

  private static DecoderOptions options(int vocabulary, MlpKind mlp, boolean tied) {
    return new DecoderOptions(128, vocabulary, mlp, NormKind.LAYERNORM, true, tied);
  }
}
