package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.LossRange;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Slopes;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Split;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What differs between sweeps of known laws. */
final class FrontierContrastTest {

  private static final double GAIN = 1.3;
  private static final double NOISE = 0.004;
  private static final int SWEEPS = 40;

  /** Of 40 intervals that hold the truth in 93%, fewer do so once in a hundred times. */
  private static final int FEWEST_HELD = 33;

  private static final LawGrid BASELINE = LawGrid.centred(LawGrid.CHINCHILLA, 4, 6, 4);
  private static final LawGrid LOPSIDED = LawGrid.centred(LawGrid.STEEP_IN_PARAMS, 4, 6, 4);

  private static RobustIsoFlop fit(List<LossPoint> points) {
    return RobustIsoFlop.of(points, Optional.empty(), IntervalScheme.NOISE, new Resampling(1, 200));
  }

  private static FrontierContrast contrast(List<LossPoint> baseline, List<LossPoint> other) {
    return new FrontierContrast(fit(baseline), 1, fit(other), 1);
  }

  /** Returns the points of a recipe that needs so much less compute, all of it by fewer tokens. */
  private static List<LossPoint> cheaper(List<LossPoint> points) {
    return points.stream()
        .map(p -> LossPoint.of(p.budget() / GAIN, p.params(), p.tokens() / GAIN, p.loss()))
        .toList();
  }

  private static void assertHolds(Interval interval, double truth) {
    assertThat(truth).isBetween(interval.low(), interval.high());
  }

  @Test
  void findsTheComputeThatARecipeSaves() {
    FrontierContrast found = contrast(BASELINE.clean(), cheaper(BASELINE.clean()));
    LossRange losses = found.commonLosses().orElseThrow();
    List<EqualLoss> equal = found.equalLosses(losses);
    assertThat(equal).hasSizeGreaterThan(10);
    for (EqualLoss at : equal) {
      assertThat(at.gain().value()).isCloseTo(GAIN, within(1e-3));
      assertThat(at.loss()).isBetween(losses.low() - 1e-9, losses.high() + 1e-9);
    }
    assertThat(equal.get(0).baseline().value() / BASELINE.budget(3)).isCloseTo(1, within(1e-2));
    // N*(C) of the cheaper is that of 1.3 C.
    Split split = found.at(BASELINE.budget(2));
    assertThat(split.params().change().value())
        .isCloseTo(Math.pow(GAIN, BASELINE.law().paramsExponent()), within(1e-3));
    assertThat(split.loss().orElseThrow().change().value()).isLessThan(1);
    assertThat(split.baselineBeyond()).isZero();
    assertThat(found.at(BASELINE.budget(3)).otherBeyond())
        .isCloseTo(Math.log10(GAIN), within(1e-3));
  }

  @Test
  void exponentsDifferAsTheLawsDo() {
    Slopes found = contrast(BASELINE.clean(), LOPSIDED.clean()).slopes().get(0);
    double truth = LOPSIDED.law().paramsExponent() - BASELINE.law().paramsExponent();
    assertThat(found.a().change().value()).isCloseTo(truth, within(1e-3));
    assertThat(found.b().change().value()).isCloseTo(-truth, within(1e-3));
    assertThat(found.common()).isFalse();
  }

  /** Of a frontier that is no line, only the slopes over the same budgets can be compared. */
  @Test
  void exponentsOverTheCommonBudgetsStandBesideThoseOverAll() {
    LawGrid grid = LawGrid.centred(LawGrid.CHINCHILLA, 7, 7, 4);
    List<LossPoint> all = grid.clean();
    List<LossPoint> low = all.stream().filter(p -> p.budget() < 1.01 * grid.budget(3)).toList();
    FrontierContrast found = contrast(low, all);
    assertThat(found.sameRange()).isFalse();
    assertThat(found.highest() / grid.budget(3)).isCloseTo(1, within(1e-9));
    assertThat(found.slopes()).extracting(Slopes::common).containsExactly(false, true);
    assertThat(found.slopes().get(1).a().change().value()).isCloseTo(0, within(1e-6));

    List<LossPoint> high = all.stream().filter(p -> p.budget() > 0.99 * grid.budget(2)).toList();
    assertThat(contrast(low, high).slopes())
        .as("two common budgets give no line")
        .extracting(Slopes::common)
        .containsExactly(false);
  }

  /** Simulated sweeps: how often the intervals of what differs hold the truth. */
  @Tag("slow")
  @Test
  void intervalsOfWhatDiffersHoldTheTruth() {
    double exponents = LOPSIDED.law().paramsExponent() - BASELINE.law().paramsExponent();
    int heldExponent = 0;
    int heldGain = 0;
    double width = 0;
    double spread = 0;
    for (int i = 0; i < SWEEPS; i++) {
      RobustIsoFlop baseline = fit(BASELINE.noisy(NOISE, 3L * i));
      FrontierContrast lopsided =
          new FrontierContrast(baseline, 1, fit(LOPSIDED.noisy(NOISE, 3L * i + 1)), 1);
      Estimate difference = lopsided.slopes().get(0).a().change();
      heldExponent += holds(difference, exponents);
      width += difference.interval().high() - difference.interval().low();
      spread += Math.pow(difference.value() - exponents, 2);
      FrontierContrast cheaper =
          new FrontierContrast(baseline, 1, fit(cheaper(BASELINE.noisy(NOISE, 3L * i + 2))), 1);
      List<EqualLoss> equal = cheaper.equalLosses(cheaper.commonLosses().orElseThrow());
      heldGain += holds(equal.get(equal.size() / 2).gain(), GAIN);
    }
    assertThat(heldExponent).isGreaterThanOrEqualTo(FEWEST_HELD);
    assertThat(heldGain).isGreaterThanOrEqualTo(FEWEST_HELD);
    // Not by being too wide: four standard deviations of the differences themselves.
    assertThat(width / SWEEPS / Math.sqrt(spread / SWEEPS)).isBetween(3.0, 6.5);
  }

  private static int holds(Estimate found, double truth) {
    return found.interval().low() <= truth && truth <= found.interval().high() ? 1 : 0;
  }

  /** The same random numbers stand behind both sets of draws, and must not cancel. */
  @Test
  void aSweepDoesNotDifferFromItselfAndIsNotSureOfIt() {
    List<LossPoint> points = BASELINE.noisy(NOISE, 5);
    Slopes found = contrast(points, points).slopes().get(0);
    Interval change = found.a().change().interval();
    Interval own = found.a().baseline().interval();
    assertThat(found.a().change().value()).isZero();
    assertHolds(change, 0);
    assertThat((change.high() - change.low()) / (own.high() - own.low())).isBetween(1.2, 1.65);
  }

  @Test
  void lossesAreComparedInTheUnitAsked() {
    List<LossPoint> points = BASELINE.clean();
    FrontierContrast found = new FrontierContrast(fit(points), 1, fit(points), 0.5);
    assertThat(found.at(BASELINE.budget(1)).loss().orElseThrow().change().value())
        .isCloseTo(0.5, within(1e-9));
    assertThat(found.commonLosses()).isEmpty();
  }
}
