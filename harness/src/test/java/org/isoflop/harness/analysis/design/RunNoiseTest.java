package org.isoflop.harness.analysis.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** The noise that designs are simulated and chosen with. */
final class RunNoiseTest {

  private static final PowerLaw LAW = new PowerLaw(Math.log(1e18), Math.log(0.01), -0.35);
  private static final RunNoise FALLING = new RunNoise(LAW, LAW, 1e20, 0);

  @Test
  void isAPowerOfComputeAsFarAsItWasMeasured() {
    assertThat(FALLING.at(1e18)).isCloseTo(0.01, within(1e-12));
    assertThat(FALLING.at(1e20)).isCloseTo(0.002, within(1e-5));
    assertThat(FALLING.at(1e22)).isEqualTo(FALLING.at(1e20));
    assertThat(FALLING.at(1e17)).isGreaterThan(0.02);
    assertThat(RunNoise.of(0.01).at(1e25)).isCloseTo(0.01, within(1e-12));
    assertThat(RunNoise.of(0.003).evaluated(0.004).at(1e20)).isCloseTo(0.005, within(1e-12));
  }

  @Test
  void isSaidAtBothEndsWhereTheyDiffer() {
    assertThat(FALLING.words(1e18, 1e20))
        .isEqualTo("1.0% of the loss at 1e18 FLOPs to 0.2% at 1e20");
    assertThat(RunNoise.of(0.01).words(1e18, 1e20)).isEqualTo("1.0% of the loss");
  }

  @Test
  void isMeasuredByTheCurves() {
    SplittableRandom random = new SplittableRandom(4);
    List<LossPoint> points =
        LawGrid.centred(LawGrid.CHINCHILLA, 5, 15, 4).clean().stream()
            .map(p -> p.withLoss(p.loss() * (1 + FALLING.at(p.budget()) * random.nextGaussian())))
            .toList();
    RunNoise found = RunNoise.measured(points).orElseThrow();
    assertThat(found.at(1e18) / 0.01).isBetween(0.6, 1.6);
    assertThat(found.at(1e20) / 0.002).isBetween(0.6, 1.6);
    assertThat(found.highest()).isCloseTo(1e20, within(1e10));
  }

  /** As the line is weighted, the noisy budgets hardly matter; as much noise everywhere does. */
  @Test
  void aForecastKnowsThatHighBudgetsAreSurer() {
    List<DesignCell> cells =
        LawGrid.centred(LawGrid.CHINCHILLA, 5, 7, 4).clean().stream().map(DesignCell::of).toList();
    double falling = error(FALLING, cells);
    assertThat(falling).isLessThan(0.6 * error(RunNoise.of(0.01), cells));
    assertThat(falling).isGreaterThan(error(RunNoise.of(0.002), cells));
  }

  private static double error(RunNoise noise, List<DesignCell> cells) {
    return new DesignSimulation(
            new LossSurface(LawGrid.CHINCHILLA, noise),
            RobustFit.ofCleanRuns(),
            new Resampling(1, 100))
        .of(cells)
        .value()
        .orElseThrow()
        .standardError();
  }
}
