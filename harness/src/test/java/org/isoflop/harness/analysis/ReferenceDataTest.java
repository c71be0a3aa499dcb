package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LnOptimum;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Public point sets through the whole analysis, against values others computed. */
final class ReferenceDataTest {

  private static final Percentage MILLIONTH = Percentage.withPercentage(1e-4);
  private static final Percentage TEN_THOUSANDTH = Percentage.withPercentage(0.01);
  private static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.AUTO, new Resampling(1, 200));

  private static Analysis analyze(String name) {
    return IsoFlopAnalysis.analyze(ReferencePoints.read(name), SETTINGS);
  }

  @Test
  void llama3ByRawParabolas() {
    LossPoints points = ReferencePoints.read(ReferencePoints.LLAMA);
    List<LnOptimum> optima = ParabolaFit.lnOptima(points.points());
    assertThat(optima).hasSize(8);
    assertThat(Math.exp(optima.get(0).lnParams())).isCloseTo(230886006, MILLIONTH);
    assertThat(optima.get(7).budget()).isEqualTo(1e21);
    assertThat(Math.exp(optima.get(7).lnParams())).isCloseTo(3052443975.0, MILLIONTH);
    Exponents exponents =
        new ParabolaFit().exponents(points.points(), new Resampling(1, 200)).value().orElseThrow();
    assertThat(exponents.a().value()).isCloseTo(0.49999962, within(1e-6));
    assertThat(exponents.b().value()).isCloseTo(0.50000038, within(1e-6));
  }

  @Test
  void llama3ByTheHeadline() {
    Analysis analysis = analyze(ReferencePoints.LLAMA);
    assertThat(analysis.points()).isEqualTo(116);
    assertThat(analysis.curves()).hasSize(8).allMatch(curve -> curve.optimum().isPresent());
    double all = analysis.isoflop().orElseThrow().a().value();
    assertThat(analysis.top().orElseThrow().exponents().a().value()).isLessThan(all);
    assertThat(analysis.exponents(Method.PARABOLA).orElseThrow().a().value())
        .isCloseTo(0.49999962, within(1e-6));
    assertThat(analysis.exponents(Method.PARAMETRIC).orElseThrow().a().value())
        .isCloseTo(0.5091, within(1e-3));
    assertThat(analysis.exponents(Method.PARAMETRIC_SQUARES).orElseThrow().a().value())
        .isCloseTo(0.49936, within(1e-4));
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      mode = Mode.EXCLUDE,
      names = {"ENVELOPE", "ISOFLOP_HELD", "PARAMETRIC_HELD"})
  void everyMethodHalvesTheSymmetricSurface(Method method) {
    Exponents found = analyze(ReferencePoints.SYMMETRIC).exponents(method).orElseThrow();
    assertThat(found.a().value()).isCloseTo(0.5, within(1e-6));
    assertThat(found.b().value()).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void theSymmetricSurfaceAsItWasMade() {
    Analysis analysis = analyze(ReferencePoints.SYMMETRIC);
    Law law = analysis.law().orElseThrow().law();
    assertThat(law.e()).isCloseTo(1.69, TEN_THOUSANDTH);
    assertThat(law.a()).isCloseTo(400, TEN_THOUSANDTH);
    assertThat(law.b()).isCloseTo(400, TEN_THOUSANDTH);
    assertThat(law.alpha()).isCloseTo(0.31, TEN_THOUSANDTH);
    assertThat(law.beta()).isCloseTo(0.31, TEN_THOUSANDTH);
    for (BudgetCurve curve : analysis.curves()) {
      // With A = B and alpha = beta the optimum has N = D.
      assertThat(curve.optimum().orElseThrow().params().value())
          .isCloseTo(Math.sqrt(curve.budget() / 6), MILLIONTH);
    }
    assertThat(analysis.warnings()).isEmpty();
  }

  @Test
  void chinchillaHasALawAndNoSharedBudgets() {
    Analysis analysis = analyze(ReferencePoints.CHINCHILLA);
    assertThat(analysis.points()).isEqualTo(240);
    assertThat(analysis.curves().stream().mapToInt(curve -> curve.points().size()).sum())
        .isEqualTo(240);
    assertThat(analysis.exponents(Method.PARAMETRIC).orElseThrow().a().value())
        .isCloseTo(0.5139, within(1e-3));
    assertThat(analysis.exponents(Method.PARAMETRIC_SQUARES).orElseThrow().a().value())
        .isCloseTo(0.5446, within(1e-3));
    for (Method method : List.of(Method.ISOFLOP, Method.PARABOLA, Method.PARABOLA_CORRECTED)) {
      assertThat(analysis.refused(method))
          .as(method.words())
          .hasValueSatisfying(why -> assertThat(why).contains("these runs do not share budgets"));
    }
    assertThat(analysis.top()).isEmpty();
    assertThat(analysis.part(Part.LOCAL)).isEmpty();
    assertThat(analysis.frontier().drawn().get(0).exponents().a().value())
        .isCloseTo(0.5139, within(1e-3));
    assertThat(AnalysisSummary.text(analysis).lines()).hasSizeLessThan(60);
  }
}
