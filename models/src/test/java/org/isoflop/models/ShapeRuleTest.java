package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeRuleTest {

  private static final DecoderOptions BYTES =
      new DecoderOptions(128, 256, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);

  @Test
  void customaryDepthFollowsTheAspectRatio() {
    assertThat(ShapeRule.CUSTOMARY.layers(4096)).isEqualTo(64);
    assertThat(ShapeRule.CUSTOMARY.layers(512)).isEqualTo(8);
    assertThat(Math.sqrt(512 / 8.0)).as("where the rules meet").isEqualTo(8);
    assertThat(ShapeRule.CUSTOMARY.layers(128)).isEqualTo(4);
    assertThat(ShapeRule.CUSTOMARY.layers(32)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"64, 256, 168", "512, 2048, 1368", "4096, 16384, 10920"})
  void bothMlpsHaveAboutEightSquareWidths(int width, int gelu, int swiglu) {
    DecoderOptions other =
        new DecoderOptions(128, 256, MlpKind.GELU, NormKind.LAYERNORM, true, false);
    assertThat(ShapeRule.CUSTOMARY.decoder(other, 1, width).mlpWidth()).isEqualTo(gelu);
    assertThat(ShapeRule.CUSTOMARY.decoder(BYTES, 1, width).mlpWidth()).isEqualTo(swiglu);
    assertThat(3.0 * swiglu / (2 * gelu)).isCloseTo(1, within(0.02));
  }

  @Test
  void theLadderIsNeverDeeperAtASmallerSizeAndOnceAWidth() {
    List<DecoderConfig> rungs = rungs(ShapeRule.CUSTOMARY);
    for (int i = 1; i < rungs.size(); i++) {
      assertThat(rungs.get(i).layers()).isGreaterThanOrEqualTo(rungs.get(i - 1).layers());
      assertThat(rungs.get(i).width()).isGreaterThan(rungs.get(i - 1).width());
    }
    assertThat(rungs)
        .allSatisfy(
            rung ->
                assertThat(rung.layers() - ShapeRule.CUSTOMARY.layers(rung.width()))
                    .isBetween(-0.5, 0.5));
    assertThat(rungs.stream().limit(10).map(DecoderConfig::shapeName))
        .containsExactly(
            "d8-l2", "d12-l2", "d16-l2", "d20-l2", "d24-l2", "d28-l2", "d32-l2", "d40-l2", "d48-l2",
            "d56-l3");
    assertThat(rungs.stream().limit(7).map(DecoderConfig::headSize))
        .containsExactly(8, 12, 8, 10, 8, 14, 8);
    for (int i = 1; i < rungs.size(); i++) {
      assertThat((double) rungs.get(i).parameters().total() / rungs.get(i - 1).parameters().total())
          .isLessThan(1.8);
    }
  }

  @Test
  void aspectDepthHeadsAndMlpAreAsAsked() {
    assertThat(
            rungs(
                new ShapeRule(Optional.empty(), Optional.of(3), Optional.of(4), Optional.of(2.0))))
        .allSatisfy(
            rung -> {
              assertThat(rung.layers()).isEqualTo(3);
              assertThat(rung.headSize()).isEqualTo(4);
              assertThat(rung.mlpWidth()).isEqualTo((rung.width() + 2) / 4 * 8);
            })
        .extracting(DecoderConfig::width)
        .startsWith(8, 12, 16)
        .endsWith(8192);
    ShapeRule tall =
        new ShapeRule(Optional.of(16.0), Optional.empty(), Optional.of(32), Optional.empty());
    assertThat(rungs(tall).stream().map(DecoderConfig::shapeName))
        .startsWith("d32-l2-h1", "d64-l4-h2", "d96-l6-h3");
    assertThat(tall.layers(8)).as("fewer only where they are asked for").isEqualTo(2);
  }

  @Test
  void namesSayWhatIsNotCustomary() {
    assertThat(new DecoderConfig(BYTES, 2, 32, 4, 88).shapeName()).isEqualTo("d32-l2");
    assertThat(new DecoderConfig(BYTES, 2, 32, 2, 88).shapeName()).isEqualTo("d32-l2-h2");
    assertThat(new DecoderConfig(BYTES, 2, 32, 4, 128).shapeName()).isEqualTo("d32-l2-m128");
    assertThat(new DecoderConfig(BYTES, 2, 18, 3, 50).shapeName()).isEqualTo("d18-l2-h3-m50");
    assertThat(ShapeRule.CUSTOMARY.heads(18)).as("18 is no multiple of 4").isEqualTo(1);
  }

  @Test
  void refusesWhatGivesNoDecoder() {
    Optional<Double> none = Optional.empty();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ShapeRule(Optional.of(0.0), Optional.empty(), Optional.empty(), none));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShapeRule(none, Optional.of(0), Optional.empty(), none));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShapeRule(none, Optional.empty(), Optional.of(7), none));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ShapeRule(none, Optional.empty(), Optional.empty(), Optional.of(0.0)));
  }

  private static List<DecoderConfig> rungs(ShapeRule rule) {
    return new SizeLadder(BYTES, rule).rungs();
  }
}
