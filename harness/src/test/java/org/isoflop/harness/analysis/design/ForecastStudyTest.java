package org.isoflop.harness.analysis.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a plan says of the standard error of a, against what sweeps of it then have: a quarter of
 * the width of their 95% intervals. Long-running, so in the profile {@code coverage}; its figures
 * stand in {@code docs/recipe.md}.
 */
@Tag("coverage")
final class ForecastStudyTest {

  private static final int SWEEPS = 10;
  private static final Law LAW = LossSurface.CHINCHILLA;
  private static final double WIDTHS = 2 * 1.96;

  /** Tables of sweeps that were trained, separated by commas. */
  private static final List<String> TABLES =
      List.of(System.getProperty("forecast.tables", "../runs/reference/points.csv").split(","));

  @Test
  void simulatedSweepsHaveWhatTheirPlansSay() {
    double ratios = 0;
    int designs = 0;
    double[][] grids = {{3, 1, 7}, {4, 1.2, 5}, {4, 1.5, 7}, {5, 2, 7}, {7, 3, 9}};
    for (double[] shape : grids) {
      List<DesignCell> grid = Designs.grid(LAW, (int) shape[0], shape[1], (int) shape[2], 16);
      for (List<DesignCell> cells : List.of(grid, withRepeats(grid))) {
        double said = forecast(LAW, cells).orElseThrow();
        List<Double> had = new ArrayList<>();
        List<Double> found = new ArrayList<>();
        for (int seed = 1; seed <= SWEEPS; seed++) {
          analysed(runs(Designs.measured(cells, LAW, RunNoise.USUAL, seed)), seed)
              .ifPresent(
                  a -> {
                    had.add(error(a));
                    found.add(a.value());
                  });
        }
        double mean = had.stream().mapToDouble(error -> error).average().orElseThrow();
        System.out.printf(
            Locale.ROOT,
            "| %d over %.1f decades | %d | %d | %.3f | %.3f (%.3f to %.3f) | %.3f |%n",
            (int) shape[0],
            shape[1],
            (int) shape[2],
            cells.size() - grid.size(),
            said,
            mean,
            had.stream().mapToDouble(error -> error).min().orElseThrow(),
            had.stream().mapToDouble(error -> error).max().orElseThrow(),
            deviation(found));
        ratios += mean / said;
        designs++;
      }
    }
    assertThat(ratios / designs).isBetween(0.8, 1.4);
  }

  @Test
  void trainedSweepsBesideWhatTheirPlansSaid() {
    for (String table : TABLES) {
      List<LossPoint> points = LossPoints.read(Path.of(table)).points();
      List<DesignCell> cells = points.stream().map(DesignCell::of).toList();
      OptionalDouble said = forecast(LossSurface.prior(cells).law(), cells);
      Optional<Estimate> a = analysed(points, 1);
      System.out.printf(Locale.ROOT, "| %s | %d | %s | %s |%n", table, points.size(), said, a);
      assertThat(error(a.orElseThrow()) / said.orElseThrow()).isBetween(0.3, 3.0);
    }
  }

  private static List<DesignCell> withRepeats(List<DesignCell> grid) {
    int[] once = new int[grid.size()];
    Arrays.fill(once, 1);
    double whole = grid.stream().mapToDouble(DesignCell::budget).sum();
    List<DesignCell> cells = new ArrayList<>(grid);
    new RepeatSearch(new LossSurface(LAW, RunNoise.of(RunNoise.USUAL)), grid)
        .best(once, 3, whole, 0.1 * whole, (cell, runs) -> grid.get(cell).budget())
        .forEach(cell -> cells.add(grid.get(cell)));
    return cells;
  }

  /** Points that share no trunk. */
  private static List<LossPoint> runs(List<LossPoint> points) {
    return IntStream.range(0, points.size())
        .mapToObj(i -> points.get(i).inLineage("run " + i))
        .toList();
  }

  /** As a plan says it, of noise that is the seeds' alone. */
  private static OptionalDouble forecast(Law law, List<DesignCell> cells) {
    RunNoise noise = RunNoise.of(RunNoise.USUAL);
    return new DesignSimulation(
            new LossSurface(law, noise), RobustFit.ofCleanRuns(), new Resampling(1, 200))
        .of(cells)
        .value()
        .map(found -> OptionalDouble.of(found.standardError()))
        .orElse(OptionalDouble.empty());
  }

  private static Optional<Estimate> analysed(List<LossPoint> points, long seed) {
    Optional<Law> fitted = LawFit.fit(points, Criterion.HUBER_LOG).value().map(LawFit::law);
    return RobustIsoFlop.of(points, fitted, IntervalScheme.AUTO, new Resampling(seed, 1000))
        .exponents()
        .value()
        .map(found -> found.a());
  }

  private static double error(Estimate a) {
    return (a.interval().high() - a.interval().low()) / WIDTHS;
  }

  private static double deviation(List<Double> values) {
    double mean = values.stream().mapToDouble(value -> value).average().orElseThrow();
    double squares = values.stream().mapToDouble(value -> Math.pow(value - mean, 2)).sum();
    return Math.sqrt(squares / (values.size() - 1));
  }
}
