package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.plan.Sweeps.job;
import static org.isoflop.harness.plan.Sweeps.screen;

import java.util.List;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;

/** Which cells are trained at half and twice their learning rate too. */
final class ControlRunsTest {

  private static final String FIVE =
      "budgets: [1e13, 3e13, 1e14, 3e14, 1e15], sizes: {per_budget: 7}";

  @Test
  void theyDifferFromTheirBranchInTheLearningRateAlone() {
    Plan plan = plan(FIVE, "control: 0.1");
    List<Job> controls = controls(plan);
    assertThat(controls).hasSize(6);
    for (Job run : controls) {
      assertThat(run.id()).matches(".*-control(0\\.5|2)");
      double times = run.id().endsWith("-control2") ? 2 : 0.5;
      Job branch = job(plan, run.id().replaceFirst("-control.*", ""));
      assertThat(run.schedule().peak()).isEqualTo(times * branch.schedule().peak());
      assertThat(run.schedule().warmupSteps()).isEqualTo(branch.schedule().warmupSteps());
      assertThat(run.schedule().cooldown()).isEqualTo(branch.schedule().cooldown());
      assertThat(run.decoder()).isEqualTo(branch.decoder());
      assertThat(run.seed()).isEqualTo(branch.seed());
      assertThat(run.batchSequences()).isEqualTo(branch.batchSequences());
      assertThat(run.optimizer()).isEqualTo(branch.optimizer());
      assertThat(run.parent()).isEmpty();
      assertThat(run.point()).as("no point of a curve").isEmpty();
      Horizon end = run.horizon().orElseThrow();
      Horizon own = branch.horizon().orElseThrow();
      assertThat(end).isEqualTo(own.of(new Setting(times, 1), Horizon.Use.CONTROL));
    }
    assertThat(controls)
        .as("the middle budget")
        .allMatch(run -> run.horizon().orElseThrow().budget() == 1e14);
    List<Long> sizes =
        plan.horizons().stream()
            .map(JobForecast::job)
            .filter(job -> job.horizon().orElseThrow().budget() == 1e14)
            .map(job -> job.decoder().parameters().total())
            .toList();
    assertThat(controls)
        .extracting(run -> run.decoder().parameters().total())
        .as("the three sizes in the middle")
        .hasSameElementsAs(sizes.subList(2, 5));
    Plan without = plan(FIVE, "control: none");
    assertThat(plan.horizons()).isEqualTo(without.horizons());
    assertThat(without.control()).isEmpty();
  }

  @Test
  void asManyAreTrainedAsTheShareOfTheSweepPaysFor() {
    for (String grid : List.of(FIVE, "budgets: [1e13, 1e14, 1e15]", "budgets: [1e13, 2e13]")) {
      for (double share : new double[] {0.03, 0.05, 0.1, 0.4}) {
        Plan plan = plan(grid, share == 0.05 ? "min_steps: 100" : "control: " + share);
        double control = controls(plan).stream().mapToDouble(Job::flops).sum();
        assertThat(control).isLessThanOrEqualTo(share * plan.flops());
        assertThat(controls(plan).stream().map(Job::decoder).distinct().count())
            .isLessThanOrEqualTo(3);
      }
    }
    assertThat(controls(plan("budgets: [1e13, 1e14, 1e15]", "min_steps: 100")))
        .as("where the middle budget is too dear the one below has them")
        .isNotEmpty()
        .allMatch(run -> run.horizon().orElseThrow().budget() <= 1e14);
    assertThat(controls(plan("budgets: [1e13, 1e14, 1e15]", "control: 0.4")))
        .hasSize(6)
        .allMatch(run -> run.horizon().orElseThrow().budget() == 1e14);
    Plan dear = plan("budgets: [1e13], sizes: {per_budget: 4}", "min_steps: 100");
    assertThat(controls(dear)).isEmpty();
    assertThat(dear.control().orElseThrow())
        .isEqualTo(
            "none: at 1e13 FLOPs, the lowest budget, one cell at half and twice its learning rate"
                + " takes more than 5.0% of the sweep's FLOPs, which training.control allows");
  }

  @Test
  void cellsOfSeveralRatesNeedNone() {
    Plan plan = plan(FIVE, "learning_rate: {value: 0.01, multipliers: [0.5, 1, 2]}");
    assertThat(controls(plan)).isEmpty();
    assertThat(plan.control().orElseThrow()).contains("several learning rates anyway");
    assertThat(screen(config(FIVE, "min_steps: 100"), plan))
        .contains("control none: the cells of the lower budgets are trained with several");
    Plan batches =
        plan(FIVE, "control: 0.2, batch_tokens: {value: 4096, multipliers: [0.5, 1]}, seeds: 2");
    assertThat(controls(batches))
        .hasSize(6)
        .allMatch(run -> run.seed() == 1)
        .allMatch(run -> run.horizon().orElseThrow().setting().batch() == 1);
    assertThat(
            controls(
                plan(
                    "cells: [{budget: 1e13, params: 1e5}, {budget: 1e13, params: 2e5,"
                        + " learning_rate_multipliers: [1, 2]}, {budget: 1e14, params: 1e5}]",
                    "control: 0.5")))
        .hasSize(2)
        .allMatch(run -> run.horizon().orElseThrow().budget() == 1e13);
  }

  @Test
  void cellsByNameAreGivenNoneUnlessAShareAsks() {
    String named = "cells: [{budget: 1e13, params: 1e5}, {budget: 1e14, params: 1e5}]";
    Plan plan = plan(named, "control: auto");
    assertThat(controls(plan)).isEmpty();
    assertThat(plan.control()).isEmpty();
    assertThat(controls(plan(named, "control: 0.5"))).isNotEmpty();
  }

  @Test
  void whatHasBegunIsGivenNoneUnlessItIsAskedFor() {
    List<Job> begun = plan(FIVE, "control: none").jobs();
    assertThat(plan(FIVE, "min_steps: 100", begun).jobs()).isEqualTo(begun);
    Plan asked = plan(FIVE, "control: 0.05", begun);
    assertThat(asked.jobs()).containsAll(begun);
    assertThat(controls(asked)).isNotEmpty();
    for (String now : List.of("control: none", "min_steps: 100", "control: 0.05")) {
      assertThat(plan(FIVE, now, asked.jobs()).jobs())
          .as("what has been planned stays, once")
          .isEqualTo(asked.jobs());
    }
    Plan larger = plan(FIVE.replace("1e15]", "1e15, 3e15, 1e16]"), "control: 0.05", asked.jobs());
    assertThat(larger.jobs()).containsAll(asked.jobs());
    assertThat(controls(larger))
        .extracting(run -> run.horizon().orElseThrow().budget())
        .contains(1e14, 3e14);
  }

  @Test
  void theScreenSaysWhereTheyAreAndWhatTheyCost() {
    Plan plan = plan(FIVE, "min_steps: 100");
    assertThat(screen(config(FIVE, "min_steps: 100"), plan))
        .containsPattern(
            "control \\d runs at half and twice the learning rate, to tell how far the rates are"
                + " from the best: 1e14 d\\d+-l\\d+.*; [1-5]\\.\\d% of the FLOPs total 35 loss"
                + " points");
  }

  private static List<Job> controls(Plan plan) {
    return plan.runs(Horizon.Use.CONTROL).stream().map(JobForecast::job).toList();
  }

  private static Plan plan(String grid, String training) {
    return plan(grid, training, List.of());
  }

  private static Plan plan(String grid, String training, List<Job> existing) {
    return Sweeps.plan(config(grid, training), existing);
  }

  private static SweepConfig config(String grid, String training) {
    return Sweeps.of(grid, training + (training.contains("seeds") ? "" : ", seeds: 1"));
  }
}
