package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repeats that are left to the plan. */
final class RepeatsTest {

  /** Near enough for trunks that several budgets share, at rates that are none of theirs. */
  private static final String GRID = "budgets: [1e11, 2e11, 4e11, 8e11], sizes: {per_budget: 5}";

  @ParameterizedTest
  @ValueSource(
      strings = {"seed: 1", "sharing: none", "seeds: {auto: 0.3}, schedule: {kind: cosine}"})
  void differFromTheirCellsInNothingButTheSeedAndCostNoMoreThanTheirShare(String training) {
    Plan plan = plan(GRID, training, List.of());

    double share = training.contains("0.3") ? 0.3 : 0.1;
    Map<Boolean, List<Job>> again =
        plan.jobs().stream().collect(Collectors.partitioningBy(job -> job.seed() > 1));
    assertThat(flops(again.get(true)) / flops(again.get(false))).isBetween(0.6 * share, share);
    Map<String, Job> byId =
        plan.horizons().stream()
            .map(JobForecast::job)
            .collect(Collectors.toMap(Job::id, job -> job));
    List<Job> repeats = plan.repeats().stream().map(JobForecast::job).toList();
    assertThat(repeats).hasSizeGreaterThan(3);
    for (Job repeat : repeats) {
      Job first = byId.get(repeat.id().replaceAll("-s[23]$", "-s1"));
      assertThat(repeat.horizon()).isEqualTo(first.horizon());
      assertThat(repeat.schedule()).isEqualTo(first.schedule());
      assertThat(repeat.optimizer()).isEqualTo(first.optimizer());
      assertThat(repeat.batchSequences()).isEqualTo(first.batchSequences());
    }
    assertThat(repeats.stream().anyMatch(job -> job.horizon().orElseThrow().departure() > 1))
        .as("a trunk's own rate")
        .isEqualTo(training.equals("seed: 1"));
  }

  @Test
  void stayAsTheyArePlannedAgainAndGrowWithTheGrid() {
    Plan begun = plan(GRID, "seed: 1", List.of());
    assertThat(plan(GRID, "seed: 1", begun.jobs()).jobs()).isEqualTo(begun.jobs());
    Plan number = plan(GRID, "seeds: 1", List.of());
    assertThat(begun.jobs()).containsAll(number.jobs());

    Plan grown = plan(GRID.replace("8e11", "8e11, 1.6e12"), "seed: 1", begun.jobs());
    assertThat(grown.jobs()).extracting(Job::id).containsAll(ids(begun));
    assertThat(grown.repeats().size()).isGreaterThan(begun.repeats().size());
    assertThat(plan(GRID.replace("8e11", "8e11, 1.6e12"), "seed: 1", grown.jobs()).jobs())
        .isEqualTo(grown.jobs());
    // A sweep of one seed gets the repeats that it would have had.
    assertThat(ids(plan(GRID, "seeds: {auto: 0.1}", number.jobs()))).isEqualTo(ids(begun));
  }

  @Test
  void haveAllSettingsOfTheirCells() {
    Plan plan =
        plan(
            GRID,
            "learning_rate: {value: 0.01, multipliers: [0.5, 1, 2]}, batch_tokens: 512",
            List.of());
    Map<List<Object>, Long> settings =
        plan.horizons().stream()
            .map(JobForecast::job)
            .collect(
                Collectors.groupingBy(
                    job -> List.of(job.horizon().orElseThrow().budget(), job.decoder(), job.seed()),
                    Collectors.counting()));
    assertThat(settings.values()).containsOnly(3L).hasSizeGreaterThan(20);
  }

  @Test
  void areLeftOutWhereCellsAreNamedOrNoExponentCanCome() {
    assertThat(plan("budgets: [1e11, 2e11]", "seed: 1", List.of()).repeats()).isEmpty();
    String cells =
        List.of("1e11", "1e12", "1e13").stream()
            .flatMap(
                budget ->
                    List.of("1e4", "3e4", "1e5", "3e5").stream()
                        .map(params -> "{budget: %s, params: %s}".formatted(budget, params)))
            .collect(Collectors.joining(", ", "cells: [", "]"));
    assertThat(plan(cells, "seed: 1", List.of()).repeats()).isEmpty();
  }

  @Test
  void thePlanSaysHowManyWhereWhatTheyCostAndWhatTheyGive() {
    SweepConfig config = Sweeps.of(GRID, "seeds: {auto: 0.3}");
    Plan plan = Sweeps.plan(config);
    PrecisionForecast precision =
        PrecisionForecast.of(config, plan, Sweeps.PLENTY, RobustFit.ofCleanRuns(), Sweeps.NO_CACHE);
    String screen =
        PlanText.render(plan, new Machine(0, 1, 1, Optional.empty()), precision)
            .replaceAll("\\s+", " ");

    int further = plan.repeats().size();
    assertThat(screen)
        .containsPattern(
            " repeats "
                + further
                + " further seeds at \\d+ of 20 cells \\(\\d+ at 1e11[^)]*\\), for"
                + " \\d[\\d.]*% more FLOPs \\([\\d.]+e\\d+\\) and [^,]+ more time ")
        .contains(" total " + (20 + further) + " loss points from ")
        .containsPattern("standard error of a about 0\\.\\d+, without the repeats 0\\.\\d+");
    assertThat(precision.precision().value().orElseThrow().standardError())
        .isLessThan(precision.once().orElseThrow().standardError());
    double seconds =
        plan.forecasts().stream()
            .filter(job -> job.job().seed() > 1)
            .mapToDouble(JobForecast::seconds)
            .sum();
    assertThat(screen).contains(" and " + Quantities.duration(seconds) + " more time");
  }

  private static double flops(List<Job> jobs) {
    return jobs.stream().mapToDouble(Job::flops).sum();
  }

  private static List<String> ids(Plan plan) {
    return plan.jobs().stream().map(Job::id).toList();
  }

  private static Plan plan(String grid, String training, List<Job> existing) {
    return Sweeps.plan(Sweeps.of(grid, training), existing);
  }
}
