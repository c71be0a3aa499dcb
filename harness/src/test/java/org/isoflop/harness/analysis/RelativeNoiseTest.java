package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The noise that the residuals are taken to show. */
final class RelativeNoiseTest {

  private static final double[] BUDGETS = Surfaces.budgets(1e17, 10, 4);

  private static List<CurveFit> curves(List<LossPoint> points) {
    return BudgetGroup.of(points).stream()
        .flatMap(group -> CurveFit.of(group).value().stream())
        .toList();
  }

  @Test
  void findsTheNoiseThatWasMade() {
    List<LossPoint> points =
        Surfaces.noisy(Surfaces.sampleBowls(0.5, BUDGETS, 60, 4), 0.005, new SplittableRandom(1));
    RelativeNoise noise = new RelativeNoise(curves(points));
    assertThat(noise.shared()).isTrue();
    assertThat(noise.scale(0)).isCloseTo(0.005, Percentage.withPercentage(10));
    SplittableRandom random = new SplittableRandom(2);
    double[] shapes = random.doubles(20000).map(u -> noise.drawShape(random)).toArray();
    double squares = 0;
    for (double shape : shapes) {
      squares += shape * shape;
    }
    assertThat(squares / shapes.length).isCloseTo(1, within(0.05));
  }

  @Test
  void aBudgetFarNoisierThanTheOthersKeepsItsNoiseToItself() {
    SplittableRandom random = new SplittableRandom(1);
    List<LossPoint> points = new ArrayList<>();
    for (LossPoint point : Surfaces.sampleBowls(0.5, BUDGETS, 8, 4)) {
      double share = point.budget() == BUDGETS[0] ? 0.02 : 0.001;
      points.addAll(Surfaces.noisy(List.of(point), share, random));
    }
    RelativeNoise noise = new RelativeNoise(curves(points));
    assertThat(noise.shared()).isFalse();
    assertThat(noise.scale(0)).isGreaterThan(5 * noise.scale(1));
  }

  @Test
  void fewDegreesOfFreedomLeaveTheScaleOpen() {
    List<LossPoint> thin =
        Surfaces.noisy(Surfaces.sampleBowls(0.5, BUDGETS, 4, 4), 0.002, new SplittableRandom(5));
    RelativeNoise noise = new RelativeNoise(curves(thin));
    SplittableRandom random = new SplittableRandom(6);
    double widest = 0;
    for (int i = 0; i < 1000; i++) {
      widest = Math.max(widest, noise.drawScales(random)[0] / noise.scale(0));
    }
    // √(4/χ²) with 4 degrees of freedom exceeds 4 about once in 100 draws.
    assertThat(widest).isBetween(3.0, 40.0);
  }
}
