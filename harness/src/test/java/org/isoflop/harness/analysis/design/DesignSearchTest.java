package org.isoflop.harness.analysis.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.isoflop.harness.analysis.design.DesignSearch.Suggestion;
import org.isoflop.harness.analysis.design.DesignSearch.Trainable;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DesignSearchTest {

  private static final Law LAW = LossSurface.CHINCHILLA;
  private static final FrontierFit FIT = new ParabolaFit();
  private static final double NOISE = 0.01;

  @ParameterizedTest
  @CsvSource({"1, 0.95", "2, 0.95"})
  void beatsTheSameFlopsSpentOnRepeatsOfTheWholeGrid(int repeats, double ratio) {
    List<DesignCell> grid = Designs.grid(LAW, 4, 1.5, 7, 16);
    double flops = repeats * grid.stream().mapToDouble(DesignCell::budget).sum();
    List<DesignCell> repeated = new ArrayList<>(grid);
    for (int i = 0; i < repeats; i++) {
      repeated.addAll(grid);
    }

    Suggestion suggestion = search().best(grid, flops).value().orElseThrow();
    List<DesignCell> suggested = new ArrayList<>(grid);
    suggested.addAll(suggestion.cells());

    double from = suggestion.top().get(0);
    double before = top(grid, from);
    double after = top(suggested, from);
    assertThat(suggestion.flops()).isLessThanOrEqualTo(flops);
    assertThat(after).isLessThan(ratio * top(repeated, from));
    assertThat(suggestion.before().orElseThrow()).isCloseTo(before, within(0.2 * before));
    assertThat(suggestion.after()).isCloseTo(after, within(0.2 * after));
  }

  /** A greedy search may miss the best by so much, but not grow with what it has to spend. */
  @Property(tries = 30)
  void moreFlopsLeaveNoLargerError(
      @ForAll @IntRange(min = 3, max = 6) int budgets,
      @ForAll @DoubleRange(min = 0.8, max = 3) double decades,
      @ForAll @IntRange(min = 4, max = 7) int sizes,
      @ForAll @DoubleRange(min = -1, max = 2) double lnCells,
      @ForAll @DoubleRange(min = 0, max = 1.5) double lnMore) {
    List<DesignCell> grid = Designs.grid(LAW, budgets, decades, sizes, 16);
    double top = grid.get(grid.size() - 1).budget();
    double few = top * Math.exp(lnCells);
    double many = few * Math.exp(lnMore);

    Fitted<Suggestion> less = search().best(grid, few);
    Fitted<Suggestion> more = search().best(grid, many);

    less.value()
        .ifPresent(
            found -> {
              assertThat(found.flops()).isLessThanOrEqualTo(few);
              assertThat(found.after()).isLessThan(found.before().orElseThrow());
              Suggestion.Step last = found.steps().get(found.steps().size() - 1);
              assertThat(last.standardError().orElseThrow())
                  .isCloseTo(found.after(), within(1e-12));
              assertThat(more.value().orElseThrow().after())
                  .isLessThanOrEqualTo(1.03 * found.after());
            });
    more.value().ifPresent(found -> assertThat(found.flops()).isLessThanOrEqualTo(many));
  }

  @Test
  void aNewBudgetGetsAWholeCurve() {
    List<DesignCell> grid = Designs.grid(LAW, 3, 1, 7, 16);
    double top = grid.get(grid.size() - 1).budget();

    Suggestion suggestion = search().best(grid, 60 * top).value().orElseThrow();
    List<DesignCell> above =
        suggestion.cells().stream().filter(cell -> cell.budget() > 1.01 * top).toList();

    assertThat(above.stream().map(DesignCell::params).distinct().count()).isGreaterThan(4);
    assertThat(above.get(0).budget() / top).isCloseTo(Math.sqrt(10), within(0.01));
    assertThat(suggestion.steps())
        .anySatisfy(step -> assertThat(step.cells()).hasSizeGreaterThanOrEqualTo(5));
    assertThat(suggestion.top()).hasSize(4).startsWith(grid.get(0).budget());
  }

  @Test
  void completesATopBudgetWhoseOptimumIsNotBracketed() {
    List<DesignCell> grid = new ArrayList<>(Designs.grid(LAW, 3, 1, 7, 16));
    double top = grid.get(grid.size() - 1).budget();
    grid.removeIf(cell -> cell.budget() == top && cell.params() > 0.9 * LAW.optimalParams(top));
    assertThat(grid).hasSize(17);

    Suggestion suggestion = search().best(grid, 4 * top).value().orElseThrow();

    assertThat(suggestion.before()).isEmpty();
    assertThat(suggestion.cells())
        .anyMatch(cell -> cell.budget() == top && cell.params() > LAW.optimalParams(top));
    assertThat(suggestion.after()).isLessThan(0.2);
  }

  @Test
  void trainsOnlyWhatCanBeTrained() {
    Trainable tens =
        (budget, params) -> {
          double power = Math.pow(1.5, Math.rint(Math.log(params) / Math.log(1.5)));
          return budget > 5e19
              ? Optional.empty()
              : Optional.of(new DesignCell(budget, power, budget / (6 * power)));
        };
    List<DesignCell> grid = Designs.grid(LAW, 3, 1, 7, 16);

    Suggestion suggestion =
        new DesignSearch(new LossSurface(LAW, RunNoise.of(NOISE)), tens)
            .best(grid, 1e21)
            .value()
            .orElseThrow();

    assertThat(suggestion.cells())
        .allSatisfy(
            cell -> {
              assertThat(cell.budget()).isLessThan(5e19);
              double power = Math.log(cell.params()) / Math.log(1.5);
              assertThat(power).isCloseTo(Math.rint(power), within(1e-9));
            });
  }

  @Test
  void saysWhatWouldBeEnough() {
    List<DesignCell> grid = Designs.grid(LAW, 3, 1, 7, 16);
    assertThat(search().best(grid, 1e18).refused().orElseThrow())
        .isEqualTo(
            "1e18 FLOPs buy no cell that would help; those at the top budgets cost 3.16e18 to"
                + " 3.16e19 each.");
    assertThat(search().best(Designs.grid(LAW, 2, 1, 7, 16), 1e19).refused().orElseThrow())
        .startsWith("1e19 FLOPs do not buy the 3 budgets with an optimum");
  }

  @Test
  void manyBudgetsTakeSeconds() {
    List<DesignCell> grid = Designs.grid(LAW, 20, 5.7, 7, 16);
    long start = System.nanoTime();
    Suggestion suggestion = search().best(grid, 1e24).value().orElseThrow();
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    assertThat(suggestion.after()).isLessThan(suggestion.before().orElseThrow());
  }

  @Test
  void theLawThroughAFrontierIsTheLawThatMadeIt() {
    List<DesignCell> grid = Designs.grid(LAW, 5, 2, 9, 9);
    List<LossPoint> points = Designs.measured(grid, LAW, 0.002, 7);

    Law found =
        LossSurface.through(points, FIT.fit(points).value().orElseThrow()).value().orElseThrow();

    assertThat(found.paramsExponent()).isCloseTo(LAW.paramsExponent(), within(0.03));
    assertThat(found.optimalParams(1e19) / LAW.optimalParams(1e19)).isCloseTo(1, within(0.05));
    CurveDesign truth =
        new CurveDesign(new LossSurface(LAW, RunNoise.of(NOISE)), grid.subList(18, 27));
    CurveDesign fitted =
        new CurveDesign(new LossSurface(found, RunNoise.of(NOISE)), grid.subList(18, 27));
    assertThat(fitted.curvature() / truth.curvature()).isCloseTo(1, within(0.1));
    RunNoise noise = RunNoise.measured(points).orElseThrow();
    assertThat(noise.at(grid.get(20).budget())).isCloseTo(0.002, within(0.0006));
    assertThat(RunNoise.measured(points.subList(0, 4))).isEmpty();
  }

  private static DesignSearch search() {
    return new DesignSearch(new LossSurface(LAW, RunNoise.of(NOISE)), Designs.ANYTHING);
  }

  private static double top(List<DesignCell> cells, double from) {
    return new DesignSimulation(
            new LossSurface(LAW, RunNoise.of(NOISE)), FIT, new Resampling(5, 600))
        .of(cells, from)
        .value()
        .orElseThrow()
        .topStandardError();
  }
}
