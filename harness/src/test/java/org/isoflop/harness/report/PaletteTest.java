package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

final class PaletteTest {

  @Test
  void growsLighterWithTheBudget() {
    assertThat(luminances(i -> Palette.onLight(i, 9))).isSortedAccordingTo(strictly());
    assertThat(luminances(i -> Palette.onDark(i, 9))).isSortedAccordingTo(strictly());
  }

  @Test
  void standsOutFromItsGround() {
    assertThat(luminances(i -> Palette.onLight(i, 9))).allMatch(l -> l < 0.55);
    assertThat(luminances(i -> Palette.onDark(i, 9))).allMatch(l -> l > 0.08);
  }

  @Test
  void hasAColourForASingleBudget() {
    assertThat(Palette.css(Palette.onLight(0, 1))).matches("#[0-9a-f]{6}");
  }

  private static Comparator<Double> strictly() {
    return (a, b) -> a < b ? -1 : 1;
  }

  /** Relative luminance, WCAG 2.2. */
  private static List<Double> luminances(IntFunction<Color> palette) {
    List<Double> luminances = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      Color colour = palette.apply(i);
      luminances.add(
          0.2126 * linear(colour.getRed())
              + 0.7152 * linear(colour.getGreen())
              + 0.0722 * linear(colour.getBlue()));
    }
    return luminances;
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
