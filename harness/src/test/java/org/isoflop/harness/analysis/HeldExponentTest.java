package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** An exponent held at a value stands beside the free fit, and is tested against it. */
final class HeldExponentTest {

  private static final List<LossPoint> POINTS =
      LawGrid.centred(LawGrid.CHINCHILLA, 5, 7, 5).noisy(0.003, 1);

  private static Analysis holding(double a) {
    return IsoFlopAnalysis.analyze(
        POINTS,
        new AnalysisSettings(IntervalScheme.AUTO, new Resampling(1, 200), OptionalDouble.of(a)));
  }

  @Test
  void theLawHeldIsTheBestOfThoseWithThatExponent() {
    LawFit free = LawFit.fit(POINTS, Criterion.HUBER_LOG).value().orElseThrow();
    LawFit held = LawFit.fitHolding(POINTS, Criterion.HUBER_LOG, 0.55).value().orElseThrow();
    assertThat(held.law().paramsExponent()).isCloseTo(0.55, within(1e-6));
    assertThat(held.objective()).isGreaterThan(free.objective());
    Law law = free.law();
    LawFit same =
        LawFit.fitHolding(POINTS, Criterion.HUBER_LOG, law.paramsExponent()).value().orElseThrow();
    assertThat(same.objective()).isCloseTo(free.objective(), within(1e-6 * free.objective()));
    assertThat(same.law().alpha()).isCloseTo(law.alpha(), within(1e-4));
  }

  @Test
  void bothFitsStandBesideTheFreeOnes() {
    double truth = LawGrid.CHINCHILLA.paramsExponent();
    Analysis analysis = holding(truth);
    for (Method method : List.of(Method.ISOFLOP_HELD, Method.PARAMETRIC_HELD)) {
      assertThat(analysis.exponents(method).orElseThrow().a().value())
          .isCloseTo(truth, within(1e-6));
      assertThat(analysis.exponents(method).orElseThrow().b().value())
          .isCloseTo(1 - truth, within(1e-3));
      assertThat(analysis.notes()).anyMatch(note -> note.startsWith(method.words()));
    }
  }

  @Test
  void aValueThatThePointsContradictIsAWarning() {
    assertThat(holding(0.7).warnings())
        .anyMatch(
            warning ->
                warning.startsWith("approach 2, exponent held at a = 0.7")
                    && warning.endsWith("The points contradict it."));
    assertThat(holding(0.7).warnings()).noneMatch(warning -> warning.contains("disagree"));
  }
}
