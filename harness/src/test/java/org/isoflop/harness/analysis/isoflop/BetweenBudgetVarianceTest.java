package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * BetweenBudgetVariance and bends of the optima: found where they were put in, and seldom where
 * they were not.
 */
final class BetweenBudgetVarianceTest {

  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 8, 7, 6);

  private static RobustIsoFlop fit(List<LossPoint> points) {
    return RobustIsoFlop.of(points, Optional.empty(), IntervalScheme.NOISE, new Resampling(1, 100));
  }

  /** Returns noisy points with the optimum of each budget moved, in ln N. */
  private static List<LossPoint> moved(IntToDoubleFunction shift, long seed) {
    Map<Double, Double> shifts = new HashMap<>();
    IntStream.range(0, GRID.budgets())
        .forEach(k -> shifts.put(GRID.budget(k), shift.applyAsDouble(k)));
    return LawGrid.moved(GRID.noisy(0.0005, seed), shifts);
  }

  @Test
  void isMeasuredWhereItWasPutIn() {
    int seeds = 16;
    double square = 0;
    for (int seed = 0; seed < seeds; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      BetweenBudgetVariance scatter = fit(moved(k -> 0.1 * random.nextGaussian(), seed)).scatter();
      assertThat(scatter.excess()).isPositive();
      assertThat(scatter.explained()).isLessThan(0.03);
      assertThat(scatter.freedom()).isEqualTo(5);
      square += scatter.excess() * scatter.excess() / seeds;
    }
    assertThat(Math.sqrt(square)).isCloseTo(0.1, within(0.02));
  }

  @Test
  void widensTheIntervals() {
    SplittableRandom random = new SplittableRandom(4);
    Exponents scattered =
        fit(moved(k -> 0.1 * random.nextGaussian(), 4)).exponents().value().orElseThrow();
    Exponents smooth = fit(moved(k -> 0, 4)).exponents().value().orElseThrow();
    assertThat(width(scattered)).isGreaterThan(3 * width(smooth));
  }

  private static double width(Exponents found) {
    return found.a().interval().high() - found.a().interval().low();
  }

  @Tag("slow")
  @Test
  void scatterAndBendsAreSeldomFoundWhereThereAreNone() {
    int scattered = 0;
    int bent = 0;
    for (int seed = 0; seed < 100; seed++) {
      RobustIsoFlop found = fit(GRID.noisy(0.003, seed));
      scattered += found.scatter().excess() > 0 ? 1 : 0;
      bent += found.frontier().value().orElseThrow().linearity().straight() ? 0 : 1;
    }
    assertThat(scattered).isLessThanOrEqualTo(10);
    assertThat(bent).isLessThanOrEqualTo(10);
  }

  @Test
  void aDriftThatWasPutInIsFound() {
    double perDecade = -0.1;
    double middle = (GRID.budgets() - 1) / 2.0;
    // Budgets are half a decade apart; a = slope of ln N* against ln C.
    RobustIsoFlop found =
        fit(moved(k -> perDecade / 2 * Math.log(10) * Math.pow((k - middle) / 2, 2), 2));
    LinearityTest straightness = found.frontier().value().orElseThrow().linearity();
    assertThat(straightness.straight()).isFalse();
    assertThat(straightness.pValue()).isLessThan(1e-3);
    assertThat(straightness.drift().value()).isCloseTo(perDecade, within(0.01));
    assertThat(straightness.drift().interval().high()).isNegative();
    assertThat(found.scatter().excess()).isZero();
    double top = found.frontier().value().orElseThrow().top().exponents().a().value();
    double law = LawGrid.CHINCHILLA.paramsExponent();
    // The highest four of eight budgets centre two half-decades above the middle.
    assertThat(top).isCloseTo(law + perDecade * 1, within(0.01));
    assertThat(found.exponents().value().orElseThrow().a().value()).isCloseTo(law, within(0.03));
  }

  @Test
  void optimaOnALineAreStraight() {
    LinearityTest straightness = fit(GRID.clean()).frontier().value().orElseThrow().linearity();
    assertThat(straightness.straight()).isTrue();
    assertThat(straightness.drift().value()).isCloseTo(0, within(1e-4));
  }
}
