package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of cells by name, and of grids centred on an earlier sweep. */
final class NamedCellsTest {

  @TempDir private Path folder;

  @Test
  void trainsTheCellsAndNoOther() {
    Plan plan =
        plan(
            Grid.ofCells(
                List.of(
                    new GridCell(1e12, 100_000, OptionalLong.of(2)),
                    new GridCell(1e11, 30_000, OptionalLong.empty()),
                    new GridCell(1e12, 100_000, OptionalLong.of(3)),
                    new GridCell(1e12, 100_001, OptionalLong.of(3)),
                    new GridCell(1e12, 10, OptionalLong.of(3)))));

    List<Job> cells = plan.horizons().stream().map(JobForecast::job).toList();
    assertThat(cells).extracting(Job::seed).containsExactly(1L, 2L, 3L);
    assertThat(cells).extracting(Job::id).allMatch(id -> id.matches("c1e1[12]-.*-s[123]"));
    assertThat(cells)
        .extracting(job -> job.horizon().orElseThrow().budget())
        .containsExactly(1e11, 1e12, 1e12);
    assertThat(plan.dropped())
        .extracting(Plan.DroppedCell::reason)
        .anyMatch(reason -> reason.startsWith("smaller than the smallest decoder"))
        .anyMatch(reason -> reason.startsWith("the nearest decoder is another cell's"))
        .hasSize(2);
    assertThat(plan.warnings())
        .contains(
            "grid.cells alone give 0 budgets the 4 sizes of a curve, and exponents need 3 such"
                + " budgets; analyse these runs together with those they complete.");
  }

  @Test
  void aCellThatTheConfigurationCanTrainIsPlannedAsItIs() {
    SweepConfig config = config(Grid.of(List.of(1e12)));
    DesignCell cell =
        new TrainableCells(config, Sweeps.PLENTY).nearest(3e12, 123_456).orElseThrow();

    Job job =
        plan(Grid.ofCells(List.of(new GridCell(cell.budget(), cell.params(), OptionalLong.of(7)))))
            .jobs()
            .get(1);

    assertThat(TrainableCells.cell(job)).isEqualTo(cell);
    assertThat(cell.params()).isCloseTo(123_456, within(20_000.0));
    assertThat(new TrainableCells(config, Sweeps.PLENTY).nearest(3e12, 100)).isEmpty();
    assertThat(new TrainableCells(config, Sweeps.PLENTY).nearest(1e6, 123_456)).isEmpty();
    assertThat(
            new TrainableCells(config, new DataFacts(1_000_000, 1_000_000, 256))
                .nearest(3e12, 60_000))
        .as("more than 4 epochs")
        .isEmpty();
  }

  @Test
  void centresSizesOnAnEarlierFrontier() throws IOException {
    write(
        """
        {"optima": [{"budget": 1e10, "params": 1e4}, {"budget": 1e11, "params": null},
          {"budget": 1e12, "params": 1.6e5}],
         "exponents": {"parametric": null}}
        """);

    Plan plan = plan(earlier(1e11, 1e12, 1e13));

    // A slope of log10(16)/2 a decade: 4e4 at 1e11, 6.4e5 at 1e13.
    // Rungs of one ladder are a factor 16^(1/6) apart; the nearest to it is half of that away.
    double half = Math.pow(16, 1.0 / 12) - 1;
    assertThat(middleTarget(plan, 1e11)).isCloseTo(4e4, withinPercentage(100 * half));
    assertThat(middleTarget(plan, 1e12)).isCloseTo(1.6e5, withinPercentage(100 * half));
    assertThat(middleTarget(plan, 1e13)).isCloseTo(6.4e5, withinPercentage(100 * half));
    double rungs = Math.log(middleTarget(plan, 1e13) / middleTarget(plan, 1e11));
    assertThat(rungs / (Math.log(16) / 6)).isCloseTo(6, within(1e-9));
    assertThat(forecast(plan, earlier(1e11, 1e12, 1e13)).sentence())
        .matches(
            "standard error of a about 0\\.\\d+ \\(simulated: 200 sweeps of this grid, noise"
                + " 1\\.0% of the loss, Chinchilla's surface, for .* has no law\\)");
  }

  @Test
  void forecastsWithAnEarlierLawAndItsNoise() throws IOException {
    write(
        """
        {"convention": {"params": "total", "flops": "budget"},
         "optima": [{"budget": 1e10, "params": 1e4}, {"budget": 1e12, "params": 1e5}],
         "exponents": {"parametric": {"E": 1, "A": 60, "B": 200, "alpha": 0.4, "beta": 0.4}}}
        """);
    StringBuilder csv = new StringBuilder("budget_flops,params,tokens,loss\n");
    for (double budget : new double[] {1e10, 1e11, 1e12}) {
      for (int i = 0; i < 7; i++) {
        double params = Math.sqrt(budget) / 10 * Math.pow(2, (i - 3) / 1.5);
        double tokens = budget / 6 / params;
        double loss = 1 + 60 / Math.pow(params, 0.4) + 200 / Math.pow(tokens, 0.4);
        // Orthogonal to every quadratic, 0.1% of the loss.
        double wave = new double[] {0, 1, -2, 0, 2, -1, 0}[i] * 1e-3;
        csv.append(budget + "," + params + "," + tokens + "," + loss * (1 + wave) + "\n");
      }
    }
    Files.writeString(folder.resolve("points.csv"), csv);

    Plan plan = plan(earlier(1e11, 1e12, 1e13));
    PrecisionForecast forecast = forecast(plan, earlier(1e11, 1e12, 1e13));

    assertThat(forecast.noise().at(1e12)).isBetween(5e-4, 5e-3);
    assertThat(forecast.surface()).isEqualTo("the law of " + folder);
    assertThat(forecast.precision().value().orElseThrow().standardError()).isLessThan(0.02);
  }

  /** Well under a second on an idle machine; this leaves room for a busy one. */
  @Test
  void forecastsQuickly() {
    Grid grid = Grid.of(List.of(1e15, 2e15, 4e15, 8e15, 1.6e16, 3.2e16, 6.4e16));
    Plan plan = plan(grid);
    long start = System.nanoTime();

    PrecisionForecast forecast = forecast(plan, grid);

    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    assertThat(forecast.sentence())
        .startsWith("standard error of a about 0.0")
        .contains(", of the top local exponent 0.", "noise 1.0% of the loss, Chinchilla's surface");
  }

  /** Returns the middle of the seven sizes asked for, trained or dropped. */
  private static double middleTarget(Plan plan, double budget) {
    return Stream.concat(
            plan.horizons().stream()
                .filter(cell -> cell.job().horizon().orElseThrow().budget() == budget)
                .map(cell -> cell.target().params()),
            plan.dropped().stream()
                .filter(cell -> cell.budget() == budget)
                .map(Plan.DroppedCell::params))
        .sorted()
        .toList()
        .get(3);
  }

  private void write(String analysis) throws IOException {
    Files.writeString(folder.resolve("analysis.json"), analysis);
  }

  private Grid earlier(Double... budgets) {
    return new Grid(
        List.of(budgets), new Grid.Sizes(7, 16), new Expected.Earlier(folder.toString()));
  }

  private static PrecisionForecast forecast(Plan plan, Grid grid) {
    return Sweeps.precision(config(grid), plan);
  }

  private static SweepConfig config(Grid grid) {
    return Sweeps.trained("budgets: [1e10]", "control: auto").with(grid);
  }

  private static Plan plan(Grid grid) {
    return Sweeps.plan(config(grid));
  }
}
