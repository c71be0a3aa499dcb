package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.isoflop.harness.plan.Sweeps.cells;
import static org.isoflop.harness.plan.Sweeps.precision;
import static org.isoflop.harness.plan.Sweeps.screen;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;

/** Plans whose cells are trained with several learning rates, batches and seeds. */
final class CellSettingsTest {

  private static final String ONCE = "control: none, learning_rate: 0.01, batch_tokens: 1024";
  private static final String RATES =
      "control: none, learning_rate: {value: 0.01, multipliers: [0.5, 1, 2]}, batch_tokens: 1024";

  @Test
  void everyRateIsTrainedWithEveryBatchAndEverySeed() {
    Plan plan =
        plan(
            "learning_rate: {value: 0.01, multipliers: [0.5, 2]}, batch_tokens: {value: 256,"
                + " multipliers: [1, 4]}, seed: 7, seeds: 2");
    List<Job> cells = cells(plan);
    assertThat(cells).hasSize(12 * 2 * 2 * 2);
    assertThat(plan.jobs()).extracting(Job::id).doesNotHaveDuplicates();
    for (Job job : cells) {
      Setting setting = job.horizon().orElseThrow().setting();
      assertThat(job.schedule().peak()).isEqualTo(0.01 * setting.learningRate());
      assertThat(job.batchTokens()).isEqualTo(256 * (long) setting.batch());
      assertThat(job.id())
          .endsWith(
              "-s%d-lr%s%s"
                  .formatted(
                      job.seed(),
                      setting.learningRate() == 2 ? "2" : "0.5",
                      setting.batch() == 4 ? "-b4" : ""));
    }
    Lineages lineages = new Lineages(plan.jobs());
    Map<String, Set<List<Object>>> trunks =
        cells.stream()
            .collect(
                Collectors.groupingBy(
                    lineages::trunk,
                    Collectors.mapping(
                        job -> List.of(job.seed(), job.horizon().orElseThrow().setting()),
                        Collectors.toSet())));
    assertThat(trunks.values()).allMatch(shared -> shared.size() == 1);
    assertThat(trunks).as("some serve several horizons").hasSizeLessThan(cells.size());
  }

  @Test
  void idsOfTheOneSettingStayAndGrowingAddsOnlyWhatIsNew() {
    List<Job> begun = plan(ONCE).jobs();
    assertThat(begun).extracting(Job::id).allMatch(id -> id.matches(".*-s1(-trunk)?"));
    Plan grown = plan(RATES + ", seeds: 2", begun);
    assertThat(grown.jobs()).containsAll(begun);
    assertThat(cells(grown)).hasSize(12 * 3 * 2);
    assertThat(plan(RATES + ", seeds: 2").jobs()).containsExactlyInAnyOrderElementsOf(grown.jobs());
    assertThat(plan(ONCE, grown.jobs()).jobs())
        .as("what has been planned stays")
        .hasSameSizeAs(grown.jobs());
  }

  @Test
  void settingsThatComeToOneBatchAreTrainedOnce() {
    // Smallest cells have too few tokens for 100 steps of 64 times the batch.
    Plan plan =
        plan("learning_rate: 0.01, batch_tokens: {value: 1024, multipliers: [1, 1e3, 900, 1.05]}");
    List<Job> cells = cells(plan);
    assertThat(cells)
        .extracting(
            job -> List.of(job.horizon().orElseThrow().budget(), job.decoder(), job.batchTokens()))
        .doesNotHaveDuplicates();
    assertThat(plan.dropped())
        .extracting(Plan.DroppedCell::reason)
        .contains("1.05 times its batch is the 1.02k tokens of 1 times");
    assertThat(cells)
        .extracting(job -> job.horizon().orElseThrow().setting())
        .contains(Setting.ONE);
    assertThat(plan.dropped()).hasSize(24);

    List<Job> late =
        plan("learning_rate: 0.01, batch_tokens: {value: 1024, multipliers: [1.05]}").jobs();
    assertThat(
            plan("learning_rate: 0.01, batch_tokens: {value: 1024, multipliers: [1, 1.05]}", late)
                .jobs())
        .as("what is planned is not trained again under another name")
        .hasSameSizeAs(late);
  }

  @Test
  void namedCellsHaveSettingsOfTheirOwn() {
    String cells =
        "cells: [{budget: 1e12, params: 1e5, learning_rate_multipliers: [1, 3], seeds: 2},"
            + " {budget: 1e12, params: 2e5}, {budget: 1e13, params: 1e5, seed: 9}]";
    Plan plan = plan(config(cells, ONCE));
    assertThat(cells(plan))
        .extracting(Job::id)
        .allMatch(id -> id.matches("c1e12-.*-s1|c1e12-.*-s[12]-lr3|c1e12-.*-s2|c1e13-.*-s9"))
        .hasSize(6);
  }

  /** Each is a run of its own, and shares no trunk with what is trained otherwise. */
  @Test
  void namedCellsMayBeTrainedOtherwise() {
    String cells =
        "cells: [{budget: 1e12, params: 1e5}, {budget: 1e12, params: 1e5, changes: {beta2: 0.9}},"
            + " {budget: 1e12, params: 1e5, changes: {weight_decay: 0.3, warmup: 0.25}},"
            + " {budget: 2e12, params: 1e5, changes: {weight_decay: 0.3, warmup: 0.25}}]";
    Plan plan = plan(config(cells, ONCE));
    List<Job> jobs = cells(plan);

    assertThat(jobs)
        .extracting(job -> job.id().replaceFirst("-d.*?-s1", ""))
        .containsExactly("c1e12", "c1e12-bb0.9", "c1e12-wu0.25-wd0.3", "c2e12-wu0.25-wd0.3");
    assertThat(jobs).extracting(job -> job.optimizer().beta2()).containsExactly(.99, .9, .99, .99);
    assertThat(jobs)
        .extracting(job -> job.optimizer().weightDecay())
        .containsExactly(.1, .1, .3, .3);
    long steps = jobs.get(2).lastStep();
    assertThat(jobs).extracting(job -> job.schedule().warmupSteps()).endsWith(steps / 4, steps / 4);
    assertThat(jobs.get(0).schedule().warmupSteps()).isLessThan(steps / 10);
    Lineages lineages = new Lineages(plan.jobs());
    assertThat(jobs.stream().map(lineages::trunk).distinct()).as("the last two's").hasSize(3);
    assertThat(Sweeps.plan(config(cells, ONCE), plan.jobs()).jobs()).isEqualTo(plan.jobs());
  }

  @Test
  void aChangeThatIsNoneIsRefusedWhereItStands() {
    assertThatThrownBy(() -> config(GRID_OF_ONE.formatted("beta: 1"), ONCE))
        .hasMessageContaining("grid.cells[0].changes.beta: is not a known key here, use beta2,");
    assertThatThrownBy(() -> config(GRID_OF_ONE.formatted("beta2: 1"), ONCE))
        .hasMessageContaining("test.yaml:2: grid.cells[0].changes.beta2: 1 is out of range, use 0");
    assertThatThrownBy(() -> config(GRID_OF_ONE.formatted("warmup: 0.7"), ONCE))
        .hasMessageContaining("grid.cells[0].changes.warmup: 0.7 is out of range, use more than 0");
  }

  private static final String GRID_OF_ONE = "cells: [{budget: 1e12, params: 1e5, changes: {%s}}]";

  @Test
  void theScreenCountsCellsAndSaysWhatRepeatsCost() {
    SweepConfig config = config(GRID, RATES + ", seeds: 2");
    Plan plan = plan(config);
    PrecisionForecast precision = precision(config, plan);
    String screen = screen(config, plan);
    assertThat(screen)
        .contains("total 24 loss points from ")
        .contains(
            "repeats 72 runs of 12 cells with other settings or seeds, the best setting of each its"
                + " point; 6.0 times the FLOPs of one run of each")
        .contains("x2: so many seeds, time of all");
    assertThat(screen.split(" x2 ")).hasSize(1 + 36);

    SweepConfig seeds = config(GRID, ONCE + ", seeds: 2");
    assertThat(precision)
        .as("settings of one cell are no further points")
        .isEqualTo(precision(seeds, plan(seeds)));
  }

  private static final String GRID = "budgets: [1e12, 4e12, 1.6e13], sizes: {per_budget: 4}";

  private static Plan plan(String training) {
    return plan(training, List.of());
  }

  private static Plan plan(String training, List<Job> existing) {
    return Sweeps.plan(config(GRID, training), existing);
  }

  private static Plan plan(SweepConfig config) {
    return Sweeps.plan(config);
  }

  private static SweepConfig config(String grid, String training) {
    return Sweeps.of(grid, training + (training.contains("seeds") ? "" : ", seeds: 1"));
  }
}
