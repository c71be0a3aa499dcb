package org.isoflop.harness.analysis.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.ReferencePoints;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** Which points a window holds, and what the law is in it. */
final class WindowLawTest {

  private static final Resampling SMALL = new Resampling(1, 100);

  @Test
  void sharedBudgetsSlideByHalfOfThem() {
    List<List<LossPoint>> windows =
        WindowLaw.windows(LawPoints.grid(LawPoints.CHINCHILLA, 8, 7, 8, 1, 1));
    assertThat(windows).hasSize(5).allSatisfy(w -> assertThat(w).hasSize(4 * 7));
    assertThat(WindowLaw.windows(LawPoints.grid(LawPoints.CHINCHILLA, 5, 7, 8, 1, 1))).hasSize(3);
    assertThat(WindowLaw.windows(LawPoints.grid(LawPoints.CHINCHILLA, 3, 7, 8, 1, 1))).isEmpty();
  }

  @Test
  void unsharedBudgetsSplitIntoHalves() {
    List<LossPoint> points = LawPoints.grid(LawPoints.CHINCHILLA, 40, 2, 4, 1, 1);
    List<List<LossPoint>> windows = WindowLaw.windows(points);
    assertThat(windows).hasSize(3).allSatisfy(w -> assertThat(w).hasSize(40));
    assertThat(windows.get(1).get(0).budget()).isGreaterThan(windows.get(0).get(0).budget());
    assertThat(windows.get(2)).doesNotContainAnyElementsOf(windows.get(0));
  }

  @Test
  void aLawThatHoldsEverywhereIsTheSameInEveryWindow() {
    List<LossPoint> points =
        Surfaces.noisy(
            LawPoints.grid(LawPoints.CHINCHILLA, 6, 9, 8, 1, 1), 1e-4, new SplittableRandom(1));
    List<WindowLaw> windows = fit(points);
    assertThat(windows).hasSize(4);
    for (WindowLaw window : windows) {
      assertThat(a(window)).isCloseTo(LawPoints.CHINCHILLA.paramsExponent(), within(0.01));
      assertThat(window.to() / window.from()).isCloseTo(10, within(0.01));
    }
  }

  @Test
  void aWindowWithoutALawSaysWhy() {
    List<LossPoint> one = LawPoints.grid(LawPoints.CHINCHILLA, 1, 9, 8, 1, 1);
    WindowLaw window = WindowLaw.of(one, Criterion.HUBER_LOG, IntervalScheme.POINTS, SMALL);
    assertThat(window.sample().refused()).isPresent();
  }

  @Test
  void theChinchillaPointsDrift() {
    List<LossPoint> points = ReferencePoints.read(ReferencePoints.CHINCHILLA).points();
    List<Double> a = fit(points).stream().map(WindowLawTest::a).toList();
    assertThat(a).hasSize(3);
    assertThat(a.get(0)).isGreaterThan(a.get(1) + 0.05);
    assertThat(a.get(1)).isGreaterThan(a.get(2) + 0.05);
  }

  private static List<WindowLaw> fit(List<LossPoint> points) {
    return WindowLaw.windows(points).stream()
        .map(window -> WindowLaw.of(window, Criterion.HUBER_LOG, IntervalScheme.POINTS, SMALL))
        .toList();
  }

  private static double a(WindowLaw window) {
    return window.sample().value().orElseThrow().law().paramsExponent();
  }
}
