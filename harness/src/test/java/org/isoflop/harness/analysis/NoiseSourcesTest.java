package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** Seeds, scatter and what is left over, against what was put in. */
final class NoiseSourcesTest {

  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 4, 7, 4);
  private static final double SEED = 0.004;
  private static final int SWEEPS = 20;

  /** Returns every size of the grid with so many seeds at the two lowest budgets. */
  private static List<LossPoint> sweep(int seeds, double ofCells, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<LossPoint> points = new ArrayList<>();
    for (LossPoint clean : GRID.clean()) {
      double cell = ofCells * random.nextGaussian();
      for (int s = 0; s < (clean.budget() < GRID.budget(2) ? seeds : 1); s++) {
        double loss = clean.loss() * Math.exp(cell + SEED * random.nextGaussian());
        points.add(LossPoint.of(clean.budget(), clean.params(), clean.tokens(), loss));
      }
    }
    return points;
  }

  private static NoiseSources sources(List<LossPoint> points) {
    RobustIsoFlop curves =
        RobustIsoFlop.of(
            points, Optional.of(GRID.law()), IntervalScheme.NOISE, new Resampling(1, 100));
    return NoiseSources.of(
        points.stream().filter(point -> !curves.outliers().contains(point)).toList(),
        curves.noise());
  }

  @Test
  void seedsAloneLeaveNothingOver() {
    int found = 0;
    double deviation = 0;
    for (int seed = 0; seed < SWEEPS; seed++) {
      NoiseSources noise = sources(sweep(3, 0, seed));
      found += noise.leftOver().orElseThrow().pValue() < 0.05 ? 1 : 0;
      deviation += noise.pooled().orElseThrow() / SWEEPS;
      assertThat(noise.seeds()).hasSize(2).allMatch(at -> at.cells() == 7 && at.freedom() == 14);
    }
    assertThat(deviation).isCloseTo(SEED, within(0.0003));
    assertThat(found).isLessThan(4);
  }

  @Test
  void whatCellsHaveOfTheirOwnIsLeftOver() {
    int found = 0;
    double deviation = 0;
    for (int seed = 0; seed < SWEEPS; seed++) {
      NoiseSources noise = sources(sweep(3, 0.008, seed));
      found += noise.leftOver().orElseThrow().pValue() < 0.05 ? 1 : 0;
      deviation += noise.leftOver().orElseThrow().deviation() / SWEEPS;
    }
    assertThat(deviation).isCloseTo(0.008, within(0.0015));
    assertThat(found).isGreaterThan(SWEEPS - 4);
  }

  /** Where the loss is 10% above the bottom, runs scatter ten times as far. */
  @Test
  void scatterFurtherUpIsSaidBesideThatAtTheBottoms() {
    LawGrid wide = LawGrid.centred(LawGrid.CHINCHILLA, 5, 9, 16);
    double bottoms = 0;
    List<Double> above = new ArrayList<>();
    for (int seed = 0; seed < SWEEPS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<LossPoint> points = new ArrayList<>();
      for (LossPoint clean : wide.clean()) {
        double best = wide.law().optimalParams(clean.budget());
        double lowest = wide.law().loss(best, clean.budget() / 6 / best);
        double noise = clean.loss() > 1.1 * lowest ? 0.02 : 0.002;
        points.add(clean.withLoss(clean.loss() * Math.exp(noise * random.nextGaussian())));
      }
      NoiseSources found = sources(points);
      bottoms += found.scatter().get(2).deviation() / SWEEPS;
      found.above().ifPresent(up -> above.add(up.deviation()));
      assertThat(found.sentence().orElseThrow().contains(" above them, which weigh less"))
          .isEqualTo(found.above().isPresent());
    }
    assertThat(bottoms).isBetween(0.0015, 0.004);
    assertThat(above).as("else one noise was likelier").hasSizeGreaterThan(SWEEPS - 4);
    assertThat(above.stream().mapToDouble(d -> d).average().orElseThrow()).isBetween(0.009, 0.021);
    assertThat(sources(sweep(1, 0, 3)).above()).as("one noise for all").isEmpty();
  }

  @Test
  void theSentenceSaysWhatIsKnown() {
    assertThat(sources(sweep(3, 0.008, 1)).sentence().orElseThrow())
        .matches(
            "scatter about the curves [01]\\..*%.*; seeds 0\\.\\d+% at 1e18, 0\\.\\d+% at"
                + " 3\\.16e18; left over for shape and rate \\S+% \\(F test, p = .*\\)");
    assertThat(sources(sweep(3, 0, 2)).sentence().orElseThrow())
        .contains("nothing certain left over for shape and rate (F test, p = ");
    assertThat(sources(sweep(1, 0, 3)).sentence().orElseThrow())
        .endsWith("; no repeats to tell what of it the seeds do");
    assertThat(NoiseSources.of(sweep(1, 0, 3), Optional.empty()).sentence()).isEmpty();
  }
}
