package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

final class InkTest {

  @Test
  void growsLighterWithTheBudget() {
    assertThat(luminances(Ink::light)).isSortedAccordingTo(strictly());
    assertThat(luminances(Ink::dark)).isSortedAccordingTo(strictly());
  }

  @Test
  void standsOutFromItsGround() {
    assertThat(luminances(Ink::light)).allMatch(l -> l < 0.55);
    assertThat(luminances(Ink::dark)).allMatch(l -> l > 0.08);
  }

  @Test
  void declaresTheColoursOfAPageForBothGrounds() {
    assertThat(Ink.css(1, i -> Ink.budget(i, 1)))
        .containsPattern(":root \\{ --ground: #ffffff; .*--budget-0: #[0-9a-f]{6}; }\n")
        .containsPattern(
            "dark\\) \\{ :root \\{ --ground: #16181b; .*--budget-0: #[0-9a-f]{6}; } }");
  }

  private static Comparator<Double> strictly() {
    return (a, b) -> a < b ? -1 : 1;
  }

  /** Relative luminance, WCAG 2.2. */
  private static List<Double> luminances(ToIntFunction<Ink> ground) {
    List<Double> luminances = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      int colour = ground.applyAsInt(Ink.budget(i, 9));
      luminances.add(
          0.2126 * linear(colour >> 16 & 0xff)
              + 0.7152 * linear(colour >> 8 & 0xff)
              + 0.0722 * linear(colour & 0xff));
    }
    return luminances;
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
