package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.report.LossSurface.Place;
import org.junit.jupiter.api.Test;

final class LossSurfaceTest {

  @Test
  void drawsEqualLossAroundThePoints() {
    LossSurface surface = LossSurface.of(Surfaces.rich()).orElseThrow();

    assertThat(surface.contours()).hasSizeBetween(6, 9);
    for (LossSurface.Contour contour : surface.contours()) {
      assertThat(contour.line())
          .allSatisfy(
              at -> {
                assertThat(Surfaces.CHINCHILLA.loss(at.params(), at.tokens()))
                    .isCloseTo(contour.loss(), within(1e-9));
                assertThat(at.params())
                    .isBetween(surface.params().low() * 0.999, surface.params().high() * 1.001);
                assertThat(at.tokens())
                    .isBetween(surface.tokens().low() * 0.999, surface.tokens().high() * 1.001);
              });
    }
    assertThat(surface.frontier()).hasSizeGreaterThan(50);
  }

  @Test
  void followsTheFrontierWhereLossIsLowestAtItsCompute() {
    Law law = Surfaces.CHINCHILLA;
    LossSurface surface = LossSurface.of(Surfaces.rich()).orElseThrow();

    for (Place at : surface.frontier()) {
      double loss = law.loss(at.params(), at.tokens());
      assertThat(law.loss(at.params() * 1.05, at.tokens() / 1.05)).isGreaterThan(loss);
      assertThat(law.loss(at.params() / 1.05, at.tokens() * 1.05)).isGreaterThan(loss);
    }
  }

  @Test
  void isNotThereWithoutALaw() {
    assertThat(LossSurface.of(Surfaces.three())).isEmpty();
  }
}
