package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The split at budgets measured or not, and loss at the optimum, on laws that are known. */
final class LocalFrontierTest {

  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 6, 9, 6);

  private static RobustIsoFlop fit(List<LossPoint> points) {
    return RobustIsoFlop.of(points, Optional.empty(), IntervalScheme.NOISE, new Resampling(1, 300));
  }

  private static double bestLoss(Law law, double budget) {
    return law.loss(law.optimalParams(budget), law.optimalTokens(budget));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e17, 1e18, 5e18, 1e20, 3e20, 3e22})
  void splitsAnyBudget(double budget) {
    Law law = GRID.law();
    EfficientFrontier frontier = fit(GRID.clean()).frontier().value().orElseThrow();
    FrontierPoint point = frontier.at(budget);
    assertThat(point.params().value() / law.optimalParams(budget)).isCloseTo(1, within(1e-3));
    assertThat(point.tokens().value() / law.optimalTokens(budget)).isCloseTo(1, within(1e-3));
    assertThat(point.loss().orElseThrow().value()).isCloseTo(bestLoss(law, budget), within(1e-3));
    assertThat(point.exponents().a().value()).isCloseTo(law.paramsExponent(), within(1e-4));
    double decades = Math.log10(budget / frontier.highest());
    double below = Math.log10(budget / frontier.lowest());
    assertThat(point.decadesBeyond())
        .isCloseTo(decades > 0 ? decades : Math.min(0, below), within(1e-6));
  }

  @Test
  void roundingDoesNotDecideBetweenTwoWindowsAboutAMeasuredBudget() {
    LawGrid grid = LawGrid.centred(LawGrid.CHINCHILLA, 8, 7, 6);
    RobustIsoFlop fit = fit(grid.noisy(0.003, 2));
    EfficientFrontier frontier = fit.frontier().value().orElseThrow();
    double budget = fit.curves().get(5).budget(); // two below the top, two above the fourth
    double below = frontier.at(budget * (1 - 1e-6)).params().value();
    double above = frontier.at(budget * (1 + 1e-6)).params().value();
    assertThat(above / below).isNotCloseTo(1, within(1e-4));
    for (double rounding : new double[] {-1e-14, 0, 1e-14}) {
      double there = frontier.at(budget * (1 + rounding)).params().value();
      assertThat(there / below).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void isLessSureTheFurtherItReaches() {
    EfficientFrontier frontier = fit(GRID.noisy(0.003, 2)).frontier().value().orElseThrow();
    double last = 0;
    for (double beyond : new double[] {1, 10, 100, 1000}) {
      Estimate params = frontier.at(beyond * frontier.highest()).params();
      double width = Math.log(params.interval().high() / params.interval().low());
      assertThat(width).isGreaterThan(last);
      last = width;
    }
  }

  /** On the optima L* = E + K·C^−gamma with gamma = αβ/(α + β), exactly. */
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.31, 0.5})
  void lossFollowsComputeAsTheLawSays(double beta) {
    Law law = new Law(1.69, 400, 900, 0.31, beta);
    LossFrontierFit found =
        fit(LawGrid.centred(law, 6, 9, 6).clean()).lossFrontier().value().orElseThrow();
    double gamma = 0.31 * beta / (0.31 + beta);
    double k = (bestLoss(law, 1e19) - 1.69) * Math.pow(1e19, gamma);
    assertThat(found.parameters().gamma().value()).isCloseTo(gamma, within(1e-5));
    assertThat(found.parameters().e().value()).isCloseTo(1.69, within(1e-4));
    assertThat(found.parameters().k().value() / k).isCloseTo(1, within(1e-3));
    assertThat(found.at(Math.log(1e22)).orElseThrow().value())
        .isCloseTo(bestLoss(law, 1e22), within(1e-4));
  }

  /**
   * From the four lower budgets alone a power law said 0.63 [0.61, 0.65] at 1e14 FLOPs: it was
   * 0.78.
   */
  @Test
  void aLossThatFallsEverFasterIsNotFollowedBeyondTheBudgets() {
    List<LossPoint> all = LossPoints.read(Path.of("../runs/reference")).points();
    List<LossPoint> lower = all.stream().filter(point -> point.budget() < 1.5e12).toList();
    EfficientFrontier frontier = fit(lower).frontier().value().orElseThrow();
    assertThat(frontier.at(1e12).loss()).isPresent();
    assertThat(frontier.at(1e13).loss()).isEmpty();
    assertThat(frontier.at(1e10).loss()).isEmpty();
    assertThat(fit(all).frontier().value().orElseThrow().at(1e15).loss()).isPresent();
  }
}
