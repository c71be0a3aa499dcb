package org.isoflop.harness.analysis.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.isoflop.harness.analysis.ReferencePoints.CHINCHILLA;
import static org.isoflop.harness.analysis.ReferencePoints.LLAMA;
import static org.isoflop.harness.analysis.ReferencePoints.SYMMETRIC;

import java.util.List;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.ReferencePoints;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The public sets, against values another optimiser found. */
final class ReferenceLawTest {

  /** Per cent that is 1e-6 of a value. */
  private static final double MILLIONTH = 1e-4;

  private static List<LossPoint> reference(String name) {
    return ReferencePoints.read(name).points();
  }

  @Test
  void huberOnTheChinchillaPoints() {
    LawFit fit = LawPoints.fit(reference(CHINCHILLA), Criterion.HUBER_LOG);
    assertThat(fit.objective()).isCloseTo(0.00101827402, withinPercentage(MILLIONTH));
    Law law = fit.law();
    assertThat(law.paramsExponent()).isCloseTo(0.5139, within(1e-3));
    assertThat(law.e()).isCloseTo(1.81722, within(1e-3));
    assertThat(law.a()).isCloseTo(477.83, withinPercentage(0.1));
    assertThat(law.b()).isCloseTo(2143.4, withinPercentage(0.1));
    assertThat(law.alpha()).isCloseTo(0.34731, within(1e-4));
    assertThat(law.beta()).isCloseTo(0.36717, within(1e-4));
    assertThat(fit.agreeing()).isGreaterThan(fit.starts() / 2);
    assertThat(fit.warnings()).isEmpty();
  }

  @Test
  void leastAbsoluteDeviationsAreThePublishedRefit() {
    LawFit fit = LawPoints.fit(reference(CHINCHILLA), Criterion.ABSOLUTE_LOG);
    Law law = fit.law();
    assertThat(law.paramsExponent()).isCloseTo(0.5126, within(1e-3));
    assertThat(law.e()).isCloseTo(1.81686, within(1e-3));
    assertThat(law.a()).isCloseTo(482.00, withinPercentage(0.1));
    assertThat(law.b()).isCloseTo(2085.39, withinPercentage(0.1));
    assertThat(law.alpha()).isCloseTo(0.34781, within(1e-4));
    assertThat(law.beta()).isCloseTo(0.36585, within(1e-4));
  }

  @Test
  void leastSquaresOnTheChinchillaPoints() {
    LawFit fit = LawPoints.fit(reference(CHINCHILLA), Criterion.SQUARES);
    assertThat(fit.objective()).isCloseTo(0.083203808, withinPercentage(MILLIONTH));
    assertThat(fit.law().paramsExponent()).isCloseTo(0.5446, within(1e-4));
  }

  @Test
  void huberAndLeastSquaresOnTheLlamaPoints() {
    List<LossPoint> points = reference(LLAMA);
    LawFit huber = LawPoints.fit(points, Criterion.HUBER_LOG);
    assertThat(huber.objective()).isCloseTo(0.00027594621, withinPercentage(MILLIONTH));
    assertThat(huber.law().paramsExponent()).isCloseTo(0.5091, within(1e-3));
    LawFit squares = LawPoints.fit(points, Criterion.SQUARES);
    assertThat(squares.objective()).isCloseTo(0.0011066295, withinPercentage(MILLIONTH));
    assertThat(squares.law().paramsExponent()).isCloseTo(0.49936, within(1e-4));
  }

  @ParameterizedTest
  @EnumSource(Criterion.class)
  void theSymmetricSurfaceAsItWasMade(Criterion criterion) {
    Law law = LawPoints.fit(reference(SYMMETRIC), criterion).law();
    assertThat(law.paramsExponent()).isCloseTo(0.5, within(1e-6));
    assertThat(law.tokensExponent()).isCloseTo(0.5, within(1e-6));
    LawFitTest.assertSame(law, new Law(1.69, 400, 400, 0.31, 0.31), 0.01);
  }

  @ParameterizedTest
  @CsvSource({
    CHINCHILLA + ",HUBER_LOG",
    CHINCHILLA + ",ABSOLUTE_LOG",
    CHINCHILLA + ",SQUARES",
    LLAMA + ",HUBER_LOG",
    LLAMA + ",ABSOLUTE_LOG",
    LLAMA + ",SQUARES"
  })
  void manyRandomStartsFindNothingBetter(String file, Criterion criterion) {
    List<LossPoint> points = reference(file);
    LawFit fit = LawPoints.fit(points, criterion);
    LawObjective objective = new LawObjective(new LawData(LawData.sorted(points)), criterion);
    SplittableRandom random = new SplittableRandom(7);
    int reached = 0;
    for (int start = 0; start < 60; start++) {
      double[] position = {
        random.nextDouble(-4, 0),
        random.nextDouble(-4, 0),
        random.nextDouble(-4, 0),
        random.nextDouble(-4, 1),
        random.nextDouble(-4, 1)
      };
      objective.minimize(position);
      double found = objective.criterion(position);
      assertThat(found).isGreaterThan(fit.objective() * (1 - 1e-9));
      reached += found < fit.objective() * (1 + 1e-6) ? 1 : 0;
    }
    assertThat(reached).isGreaterThan(6);
  }
}
