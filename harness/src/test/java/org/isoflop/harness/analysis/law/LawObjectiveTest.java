package org.isoflop.harness.analysis.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.law.LawObjective.Expansion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The derivatives, against differences. */
final class LawObjectiveTest {

  private static final double STEP = 1e-5;

  @ParameterizedTest
  @EnumSource(Criterion.class)
  void derivativesAreThoseOfTheValue(Criterion criterion) {
    LawData data = new LawData(LawData.sorted(LawPoints.noisy240(1)));
    LawObjective objective = new LawObjective(data, criterion);
    // Between two points' kinks, where second derivatives exist: all residuals inside, or none.
    double delta = 0.5;
    double[] position = data.position(new Law(1.7, 500, 2000, 0.34, 0.37));
    Expansion at = new Expansion();
    objective.expand(position, delta, at);
    Expansion above = new Expansion();
    Expansion below = new Expansion();
    for (int j = 0; j < LawData.SIZE; j++) {
      objective.expand(moved(position, j, STEP), delta, above);
      objective.expand(moved(position, j, -STEP), delta, below);
      double slope = (above.value - below.value) / (2 * STEP);
      assertThat(at.gradient[j]).isCloseTo(slope, within(1e-6 * (1 + Math.abs(slope))));
      for (int k = 0; k <= j; k++) {
        double bend = (above.gradient[k] - below.gradient[k]) / (2 * STEP);
        assertThat(at.hessian[j][k]).isCloseTo(bend, within(1e-6 * (1 + Math.abs(bend))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Criterion.class)
  void theValueIsTheCriterion(Criterion criterion) {
    LawData data = new LawData(LawData.sorted(LawPoints.noisy240(1)));
    LawObjective objective = new LawObjective(data, criterion);
    double[] position = data.position(LawPoints.CHINCHILLA);
    double[] deltas = objective.deltas();
    double delta = deltas[deltas.length - 1];
    Expansion at = new Expansion();
    objective.expand(position, delta, at);
    double expected =
        switch (criterion) {
          case HUBER_LOG -> at.value;
          case ABSOLUTE_LOG -> at.value / delta;
          case SQUARES -> 2 * at.value * data.meanLoss * data.meanLoss;
        };
    assertThat(objective.criterion(position)).isCloseTo(expected, within(2e-4 * expected));
  }

  private static double[] moved(double[] position, int coordinate, double by) {
    double[] moved = position.clone();
    moved[coordinate] += by;
    return moved;
  }
}
