package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.isoflop.harness.config.DecoderSection;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.Parametrization;
import org.isoflop.harness.config.Shapes;
import org.isoflop.harness.config.Training;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.ShapeRule;
import org.isoflop.models.SizeLadder;
import org.junit.jupiter.api.Test;

final class SizeChoiceTest {

  private static final SizeLadder LADDER = new SizeLadder(DecoderSection.DEFAULT.options(256));

  @Test
  void centresWhereTheExpectedTokensCostTheBudget() {
    Expected.TokensPerParam expected = Expected.TokensPerParam.DEFAULT;
    LADDER.rungs().stream()
        .skip(40)
        .limit(30)
        .forEach(
            rung -> {
              double params = rung.parameters().total();
              double budget = rung.flopsPerToken() * 20 * params;
              assertThat(expected.params(budget, LADDER)).isCloseTo(params, within(0.1 * params));
            });
  }

  @Test
  void spacesSizesEvenlyOverTheSpan() {
    List<Plan.DroppedCell> dropped = new ArrayList<>();
    List<SizeChoice.Chosen> chosen = choice(7, 16).at(1e15, dropped);

    assertThat(dropped).isEmpty();
    assertThat(chosen).hasSize(7);
    assertThat(chosen.get(6).targetParams() / chosen.get(0).targetParams())
        .isCloseTo(16, within(1e-9));
    for (int i = 1; i < 7; i++) {
      assertThat(chosen.get(i).targetParams() / chosen.get(i - 1).targetParams())
          .isCloseTo(Math.pow(16, 1 / 6.0), within(1e-9));
    }
    assertThat(chosen)
        .allSatisfy(
            cell ->
                assertThat(cell.decoder().parameters().total() / cell.targetParams())
                    .isBetween(0.8, 1.2));
  }

  @Test
  void dropsWhatTheLadderLacks() {
    List<Plan.DroppedCell> dropped = new ArrayList<>();
    List<SizeChoice.Chosen> chosen = choice(30, 100).at(1e10, dropped);

    assertThat(chosen.size() + dropped.size()).isEqualTo(30);
    assertThat(dropped.stream().map(Plan.DroppedCell::reason))
        .contains("smaller than the smallest decoder (d8-l2, 5.76k params)")
        .anyMatch(reason -> reason.startsWith("the nearest decoder is another cell's (d"));
    assertThat(choice(4, 16).at(1e29, dropped)).isEmpty();
    assertThat(dropped.get(dropped.size() - 1).reason())
        .startsWith("larger than the largest decoder (d8192-l128");
  }

  @Test
  void servesATargetALittlePastTheEndWithTheEnd() {
    List<Plan.DroppedCell> dropped = new ArrayList<>();
    double smallest = LADDER.rungs().get(0).parameters().total();
    for (double budget = 1e9; budget < 1e11; budget *= 1.3) {
      for (SizeChoice.Chosen cell : choice(5, 16).at(budget, dropped)) {
        assertThat(cell.targetParams()).isGreaterThan(smallest / 1.25);
      }
    }
    assertThat(dropped).isNotEmpty();
    assertThat(dropped)
        .filteredOn(cell -> cell.reason().startsWith("smaller"))
        .allSatisfy(cell -> assertThat(cell.params()).isLessThan(smallest / 1.25));
  }

  @Test
  void aListWithGapsLeavesOutWhatNothingIsNear() {
    DecoderSection listed =
        new DecoderSection(
            128,
            MlpKind.SWIGLU,
            NormKind.LAYERNORM,
            true,
            false,
            new Shapes.Listed(
                List.of(
                    new Shapes.Shape(2, 128, Optional.empty(), Optional.empty()),
                    new Shapes.Shape(1, 256, Optional.of(4), Optional.of(512)))),
            new Parametrization.Standard());
    SizeLadder ladder = listed.ladder(256);
    assertThat(ladder.rungs().stream().map(rung -> rung.parameters().total()))
        .containsExactly(460_800L, 786_432L);
    List<Plan.DroppedCell> dropped = new ArrayList<>();
    Grid grid =
        Grid.ofCells(
            Stream.of(3e5, 4.6e5, 6e5, 1e6, 8e5)
                .map(params -> new GridCell(1e15, params, OptionalLong.empty()))
                .toList());
    assertThat(new SizeChoice(ladder, grid, Training.DEFAULT).at(1e15, dropped))
        .extracting(cell -> cell.decoder().shapeName())
        .containsExactly("d128-l2", "d256-l1-h4-m512");
    assertThat(dropped)
        .extracting(Plan.DroppedCell::reason)
        .containsExactly(
            "smaller than the smallest decoder (d128-l2, 461k params)",
            "the nearest decoder is another cell's (d128-l2, 461k params)",
            "larger than the largest decoder (d256-l1-h4-m512, 786k params)");
    ShapeRule sparse =
        new ShapeRule(Optional.empty(), Optional.of(1), Optional.of(256), Optional.empty());
    assertThat(SizeChoice.lacking(new SizeLadder(listed.options(256), sparse), 1.6e6))
        .hasValue("further than a factor 1.6 from the nearest decoder (d256-l1-h1, 915k params)");
  }

  private static SizeChoice choice(int count, double span) {
    Grid grid =
        new Grid(List.of(1e15), new Grid.Sizes(count, span), Expected.TokensPerParam.DEFAULT);
    return new SizeChoice(LADDER, grid, Training.DEFAULT);
  }
}
