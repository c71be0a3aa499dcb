package org.isoflop.harness.analysis.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Where repeats go: 4 budgets of 7 sizes over 1.5 decades, every run at the price of its budget.
 */
final class RepeatSearchTest {

  private static final Law LAW = LossSurface.CHINCHILLA;
  private static final List<DesignCell> GRID = Designs.grid(LAW, 4, 1.5, 7, 16);
  private static final double WHOLE = GRID.stream().mapToDouble(DesignCell::budget).sum();
  private static final int MOST = 3;

  @Test
  void theCheapestBudgetComesFirstAndNothingIsOverspent() {
    List<Integer> chosen = search(RunNoise.of(0.01), 0.1);

    assertThat(chosen.get(0)).isLessThan(7);
    assertThat(chosen.stream().filter(cell -> cell < 7).count()).isGreaterThan(6);
    assertThat(cost(chosen)).isBetween(0.02 * WHOLE, 0.1 * WHOLE);
    assertThat(runs(chosen)).allMatch(count -> count <= MOST);
    assertThat(search(RunNoise.of(0.01), 0.1)).isEqualTo(chosen);
    // What is there counts, and what was chosen is enough.
    int[] begun = runs(chosen).stream().mapToInt(count -> count).toArray();
    assertThat(
            new RepeatSearch(new LossSurface(LAW, RunNoise.of(0.01)), GRID)
                .best(begun, MOST, WHOLE, 0.1 * WHOLE - cost(chosen), RepeatSearchTest::price))
        .isEmpty();
  }

  /** As in simulation: a tenth more FLOPs, a sixth off the interval; spread evenly a twentieth. */
  @Tag("slow")
  @Test
  void shrinkTheIntervalFarMoreThanTheSameFlopsSpreadEvenly() {
    List<DesignCell> repeated = new ArrayList<>(GRID);
    search(RunNoise.of(0.01), 0.1).forEach(cell -> repeated.add(GRID.get(cell)));

    double once = error(RunNoise.of(0.01), GRID);
    assertThat(error(RunNoise.of(0.01), repeated) / once).isLessThan(0.87);
    assertThat(error(RunNoise.of(0.01), twice()) / once).as("all again").isBetween(0.62, 0.8);
  }

  @Test
  void areNotPlacedWhereTheNoiseIsNotTheSeeds() {
    PowerLaw all = new PowerLaw(0, Math.log(0.01), 0);
    PowerLaw little = new PowerLaw(0, Math.log(0.001), 0);
    RunNoise ofCells = new RunNoise(all, little, Double.MAX_VALUE, 0);
    assertThat(search(ofCells, 0.1)).isEmpty();
    assertThat(error(ofCells, twice()) / error(ofCells, GRID)).isBetween(0.93, 1.07);
  }

  private static List<DesignCell> twice() {
    return Stream.concat(GRID.stream(), GRID.stream()).toList();
  }

  @Test
  void needThreeBudgetsWithAnOptimum() {
    List<DesignCell> two = Designs.grid(LAW, 2, 1.5, 7, 16);
    int[] once = new int[two.size()];
    Arrays.fill(once, 1);
    assertThat(
            new RepeatSearch(new LossSurface(LAW, RunNoise.of(0.01)), two)
                .best(once, MOST, WHOLE, WHOLE, (cell, runs) -> two.get(cell).budget()))
        .isEmpty();
  }

  @Test
  void thePriorIsOfSeedsAloneWhereTheyWereMeasuredAndLessAbove() {
    for (double budget : new double[] {1e10, 1e12, 1e20}) {
      assertThat(RunNoise.PRIOR.at(budget)).isEqualTo(RunNoise.of(0.01).at(budget));
    }
    assertThat(RunNoise.PRIOR.ofCell(1e11)).isZero();
    assertThat(RunNoise.PRIOR.ofSeed(1e20)).isBetween(0.0019, 0.0021);
    assertThat(Math.hypot(RunNoise.PRIOR.ofSeed(1e20), RunNoise.PRIOR.ofCell(1e20)))
        .isBetween(0.00999, 0.01001);
  }

  private static List<Integer> search(RunNoise noise, double share) {
    int[] once = new int[GRID.size()];
    Arrays.fill(once, 1);
    return new RepeatSearch(new LossSurface(LAW, noise), GRID)
        .best(once, MOST, WHOLE, share * WHOLE, RepeatSearchTest::price);
  }

  private static double price(int cell, int[] runs) {
    return GRID.get(cell).budget();
  }

  private static double cost(List<Integer> chosen) {
    return chosen.stream().mapToDouble(cell -> GRID.get(cell).budget()).sum();
  }

  private static List<Integer> runs(List<Integer> chosen) {
    Integer[] runs = new Integer[GRID.size()];
    Arrays.fill(runs, 1);
    chosen.forEach(cell -> runs[cell]++);
    return List.of(runs);
  }

  private static double error(RunNoise noise, List<DesignCell> cells) {
    return new DesignSimulation(
            new LossSurface(LAW, noise), RobustFit.ofCleanRuns(), new Resampling(3, 300))
        .of(cells)
        .value()
        .orElseThrow()
        .standardError();
  }
}
