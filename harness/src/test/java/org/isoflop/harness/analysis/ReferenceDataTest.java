package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Public point sets, against values computed independently with numpy and scipy. */
final class ReferenceDataTest {

  private static final String FOLDER = "ISOFLOP_REFERENCE_DATA";
  private static final Percentage MILLIONTH = Percentage.withPercentage(1e-4);

  private static Analysis analyze(String name) {
    String folder = System.getenv(FOLDER);
    assumeTrue(
        folder != null, FOLDER + " is not set: the public point sets are not checked in this run");
    return IsoFlopAnalysis.analyze(
        LossPoints.read(Path.of(folder, name)), AnalysisSettings.defaults());
  }

  private static double params(Analysis analysis, int curve) {
    return analysis.curves().get(curve).optimum().orElseThrow().params();
  }

  @Test
  void llama3AsDigitised() {
    Analysis analysis = analyze("llama3.csv");
    assertThat(analysis.points()).isEqualTo(116);
    assertThat(analysis.curves()).hasSize(8).allMatch(curve -> curve.optimum().isPresent());
    Exponents exponents = analysis.isoflop().orElseThrow();
    assertThat(exponents.a()).isCloseTo(0.49999962, within(1e-6));
    assertThat(exponents.b()).isCloseTo(0.50000038, within(1e-6));
    assertThat(exponents.aInterval().low()).isBetween(0.40, exponents.a());
    assertThat(exponents.aInterval().high()).isBetween(exponents.a(), 0.60);
    assertThat(params(analysis, 0)).isCloseTo(230886006, MILLIONTH);
    assertThat(params(analysis, 7)).isCloseTo(3052443975.0, MILLIONTH);
  }

  @Test
  void symmetricSurfaceHasHalfAndHalf() {
    Analysis analysis = analyze("synth_symmetric.csv");
    Exponents exponents = analysis.isoflop().orElseThrow();
    assertThat(exponents.a()).isCloseTo(0.5, within(1e-6));
    assertThat(exponents.b()).isCloseTo(0.5, within(1e-6));
    for (BudgetCurve curve : analysis.curves()) {
      // With A = B and alpha = beta the optimum has N = D.
      assertThat(curve.optimum().orElseThrow().params())
          .isCloseTo(Math.sqrt(curve.budget() / 6), MILLIONTH);
    }
  }

  @Test
  void pointsWithoutCommonBudgetsSaySo() {
    Analysis analysis = analyze("chinchilla_svg_240.csv");
    assertThat(analysis.points()).isEqualTo(240);
    assertThat(analysis.curves().stream().mapToInt(curve -> curve.points().size()).sum())
        .isEqualTo(240);
    assertThat(analysis.warnings()).anyMatch(w -> w.contains("do not share budgets"));
    assertThat(AnalysisSummary.text(analysis).lines()).hasSizeLessThan(60);
  }
}
