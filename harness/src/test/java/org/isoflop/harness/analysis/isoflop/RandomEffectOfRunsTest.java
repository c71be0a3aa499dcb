package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.points.LossPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The share of the noise that trunks have in common, against what was put in. */
final class RandomEffectOfRunsTest {

  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 6, 11, 6);
  private static final int SEEDS = 60;

  private static RandomEffect measure(List<LossPoint> points) {
    return RandomEffect.ofRuns(ShapePosterior.mode(CurveModel.ofAll(BudgetPoints.all(points))));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.8})
  void isNearWhatWasPutInOnAverage(double share) {
    double mean = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      mean += measure(GRID.trunks(0.003, share, seed)).share() / SEEDS;
    }
    assertThat(mean).isCloseTo(share, within(0.1));
  }

  @Test
  void isNothingWherePointsAreTheirOwnTrunks() {
    RandomEffect trunks = measure(GRID.noisy(0.003, 1));
    assertThat(trunks.share()).isZero();
    assertThat(trunks.draw(new SplittableRandom(1))).isEmpty();
  }

  @Test
  void aTrunkIsTheSameAtEveryBudget() {
    RandomEffect trunks = measure(GRID.trunks(0.003, 0.8, 1));
    for (int i = 0; i < GRID.sizes(); i++) {
      assertThat(trunks.groups()[3][i]).isEqualTo(trunks.groups()[0][i]);
    }
    assertThat(trunks.draw(new SplittableRandom(1))).hasSize(GRID.sizes());
  }
}
