package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that went wrong are left out, all of them, and hardly ever another. */
final class ScreeningTest {

  /** Returns the points that the curves leave out. */
  private static List<LossPoint> outliers(List<LossPoint> points, Optional<Law> law) {
    CurveModel model = Screening.fit(BudgetPoints.all(points), law).model();
    List<LossPoint> out = new ArrayList<>();
    for (int k = 0; k < model.budgets().size(); k++) {
      for (int i = 0; i < model.budgets().get(k).size(); i++) {
        if (!model.kept(k, i)) {
          out.add(model.budgets().get(k).points().get(i));
        }
      }
    }
    return out;
  }

  private static Optional<Law> law(List<LossPoint> points) {
    return LawFit.fit(points, Criterion.HUBER_LOG).value().map(LawFit::law);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 9})
  void cleanSweepsKeepTheirPoints(int sizes) {
    LawGrid grid = LawGrid.centred(LawGrid.CHINCHILLA, 5, sizes, 6);
    int lost = 0;
    for (int seed = 0; seed < 100; seed++) {
      lost += outliers(grid.noisy(0.003, seed), Optional.of(grid.law())).size();
    }
    assertThat(lost).isLessThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 9})
  void runsThatWentWrongAreFound(int sizes) {
    LawGrid grid = LawGrid.centred(LawGrid.STEEP_IN_PARAMS, 5, sizes, 8);
    for (int seed = 0; seed < 6; seed++) {
      List<LossPoint> points = new ArrayList<>(grid.noisy(0.002, seed));
      List<LossPoint> wrong = new ArrayList<>();
      // One in each of three budgets: at an end, in the middle, at the other end.
      for (int i : new int[] {0, sizes + sizes / 2, 4 * sizes - 1}) {
        points.set(i, points.get(i).withLoss(1.15 * points.get(i).loss()));
        wrong.add(points.get(i));
      }
      assertThat(outliers(points, law(points))).as("seed %d", seed).hasSameElementsAs(wrong);
    }
  }

  @Test
  void theyDoNotHideEachOther() {
    LawGrid grid = LawGrid.centred(LawGrid.CHINCHILLA, 5, 11, 8);
    List<LossPoint> points = new ArrayList<>(grid.noisy(0.002, 3));
    List<LossPoint> wrong = new ArrayList<>();
    for (int i : new int[] {0, 1, 2}) {
      points.set(i, points.get(i).withLoss(1.2 * points.get(i).loss()));
      wrong.add(points.get(i));
    }
    assertThat(outliers(points, law(points))).hasSameElementsAs(wrong);
  }

  @Test
  void noiseFreePointsAllBelong() {
    List<LossPoint> points = new LawGrid(LawGrid.CHINCHILLA, 5, 9, 100, 1, 0.3).clean();
    assertThat(outliers(points, law(points))).isEmpty();
  }

  @Test
  void aBudgetWhoseRunsMostlyWentWrongIsLeftOut() {
    LawGrid grid = LawGrid.centred(LawGrid.CHINCHILLA, 5, 7, 6);
    List<LossPoint> points = new ArrayList<>(grid.noisy(0.002, 5));
    double[] factors = {1.3, 1.1, 1.45, 1.2, 1.5, 1.15, 1.35};
    IntStream.range(0, 7)
        .forEach(
            i ->
                points.set(
                    14 + i, points.get(14 + i).withLoss(factors[i] * points.get(14 + i).loss())));
    List<LnOptimum> optima = new RobustFit().optima(points);
    assertThat(optima).hasSize(4).noneMatch(o -> o.budget() == grid.budget(2));
    assertThat(new RobustFit().fit(points).value().orElseThrow().params().exponent())
        .isBetween(0.49, 0.54);
  }
}
