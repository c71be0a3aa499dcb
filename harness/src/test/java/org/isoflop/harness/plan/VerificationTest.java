package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.isoflop.harness.plan.Sweeps.job;
import static org.isoflop.harness.plan.Sweeps.screen;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;

/** Plans with separate runs beside branches. */
final class VerificationTest {

  @Test
  void separateRunsAreThoseOfASweepWithoutSharing() {
    Plan plan = plan("{kind: trunk, tolerance: 3, verify: 4}");
    Map<String, Job> without =
        plan("none").jobs().stream().collect(Collectors.toMap(Job::id, Function.identity()));
    List<Job> runs = plan.runs(Horizon.Use.VERIFICATION).stream().map(JobForecast::job).toList();
    assertThat(runs).hasSize(4);
    for (Job run : runs) {
      Job own = without.get(run.id().replace("-separate", ""));
      assertThat(run.schedule()).isEqualTo(own.schedule());
      assertThat(run.batchSequences()).isEqualTo(own.batchSequences());
      assertThat(run.parent()).isEmpty();
      assertThat(run.isFor(Horizon.Use.VERIFICATION)).isTrue();
      Job branch = job(plan, own.id());
      assertThat(branch.schedule())
          .as("what cannot differ is not trained again")
          .isNotEqualTo(own.schedule());
    }
    assertThat(runs)
        .extracting(run -> run.horizon().orElseThrow().budget())
        .as("both ends")
        .contains(1e12, 6.4e13);
    assertThat(runs.stream().map(Job::decoder).distinct()).hasSizeGreaterThan(1);

    Plan unverified = plan("{kind: trunk, tolerance: 3}");
    assertThat(plan.horizons()).isEqualTo(unverified.horizons());
    SweepConfig config = config("{kind: trunk, tolerance: 3, verify: 4}");
    assertThat(screen(config, plan))
        .contains("verifying 4 cells are trained as separate runs too, ");
    assertThat(plan("{kind: trunk, tolerance: 3, verify: 1000}").runs(Horizon.Use.VERIFICATION))
        .hasSizeBetween(5, 16);
  }

  @Test
  void cellsMayBeNamedAndWhatWasPlannedStays() {
    Plan plan = plan("{kind: trunk, tolerance: 3}");
    String named =
        plan.horizons().stream()
            .map(JobForecast::job)
            .filter(job -> job.horizon().orElseThrow().departure() > 1.2)
            .findFirst()
            .orElseThrow()
            .id();
    List<Job> begun = plan("{kind: trunk, tolerance: 3, verify: [" + named + "]}").jobs();
    assertThat(begun).hasSize(plan.jobs().size() + 1).containsAll(plan.jobs());
    Plan later = Sweeps.plan(config("{kind: trunk, tolerance: 3}"), begun);
    assertThat(later.jobs()).isEqualTo(begun);
    Plan more = Sweeps.plan(config("{kind: trunk, tolerance: 3, verify: 3}"), begun);
    assertThat(more.jobs()).containsAll(begun);
    assertThat(more.runs(Horizon.Use.VERIFICATION)).hasSizeBetween(3, 4);
  }

  @Test
  void aCellThatIsNotThereOrShowsNothingIsRefused() {
    assertThatThrownBy(() -> plan("{kind: trunk, verify: [c1e12-d1-l1-s1]}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "sweep test: training.sharing.verify: 'c1e12-d1-l1-s1' is no cell of this plan, use ids"
                + " of jobs such as c1e12-");
    String alone = plan("{kind: trunk, tolerance: 1}").horizons().get(0).job().id();
    assertThatThrownBy(() -> plan("{kind: trunk, tolerance: 1, verify: [" + alone + "]}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'" + alone + "' is a separate run as it stands");
    assertThat(plan("{kind: trunk, tolerance: 1, verify: 5}").runs(Horizon.Use.VERIFICATION))
        .isEmpty();
  }

  private static Plan plan(String sharing) {
    return Sweeps.plan(config(sharing));
  }

  private static SweepConfig config(String sharing) {
    return Sweeps.of(
        "budgets: [1e12, 4e12, 1.6e13, 6.4e13], sizes: {per_budget: 4}", "sharing: " + sharing);
  }
}
