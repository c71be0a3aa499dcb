package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.isoflop.harness.sweep.WorkerPlans.branch;
import static org.isoflop.harness.sweep.WorkerPlans.root;
import static org.isoflop.harness.sweep.WorkerPlans.trunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.junit.jupiter.api.Test;

/** When a sweep will end, from how its jobs stand; steps have 64 tokens. */
final class TimeLeftTest {

  private static final Offset<Double> EXACT = within(1e-9);

  private static final WorkerPlan PLAN =
      WorkerPlans.of(
          2,
          root("plain", 100, 100),
          trunk("trunk-1", "", 0, 80, 80),
          branch("branch-1", "trunk-1", 80, 100, 20),
          trunk("trunk-2", "trunk-1", 80, 160, 80),
          branch("branch-2", "trunk-2", 160, 200, 40));

  /** Where a job stands. */
  private record At(State state, long step, double tokensPerSecond) {}

  private static final At LEFT = new At(State.LEFT, 0, 0);

  @Test
  void beforeAnythingIsTrainedTheForecastAndTheLongestChainDecide() {
    Map<String, At> none = Map.of();
    assertThat(left(none, 1).seconds()).as("all in a row").isCloseTo(320, EXACT);
    assertThat(left(none, 2).seconds())
        .as("200 for the trunk and its branch")
        .isCloseTo(200, EXACT);
    assertThat(left(none, 16).seconds()).as("no worker shortens a chain").isCloseTo(200, EXACT);
    assertThat(left(none, 2).ratio()).isEqualTo(1);
  }

  @Test
  void othersTakeTheirForecastTimesWhatJobsTookOfTheirs() {
    // 80 steps of 64 tokens in 160 seconds, twice the forecast, and 5 seconds more of doubt.
    At slow = new At(State.DONE, 80, 32);
    TimeLeft left = left(Map.of("trunk-1", slow), 2);
    double ratio = 165.0 / 85;
    assertThat(left.ratio()).isCloseTo(ratio, EXACT);
    assertThat(left.ofJobs()).containsOnlyKeys("plain", "branch-1", "trunk-2", "branch-2");
    assertThat(left.ofJobs().get("plain")).isCloseTo(ratio * 100, EXACT);
    assertThat(left.seconds()).as("trunk-2, branch-2").isCloseTo(ratio * 120, EXACT);
  }

  @Test
  void aRunningJobGoesOnAtItsOwnSpeed() {
    // Half of it is left, at 16 tokens a second: four times slower than forecast.
    At running = new At(State.RUNNING, 50, 16);
    TimeLeft left = left(Map.of("plain", running), 2);
    assertThat(left.ofJobs().get("plain")).isCloseTo(200, EXACT);
    double ratio = (200.0 + 5) / (50 + 5);
    assertThat(left.ratio()).isCloseTo(ratio, EXACT);
    assertThat(left.seconds()).isCloseTo(ratio * 200, EXACT);
    assertThat(left(Map.of("plain", running), 1).seconds())
        .as("it has the only worker, the others come after it")
        .isCloseTo(200 + ratio * 220, EXACT);
  }

  @Test
  void whatNobodyWillTrainTakesNoTime() {
    Map<String, At> failed = Map.of("trunk-1", new At(State.FAILED, 10, 0));
    assertThat(left(failed, 2).ofJobs()).containsOnlyKeys("plain");
    assertThat(TimeLeft.of(jobs(failed), false, 2).ofJobs())
        .as("the sweep command tries it again")
        .hasSize(5);
    Map<String, At> diverged = Map.of("trunk-1", new At(State.DIVERGED, 10, 0));
    assertThat(left(diverged, 2).ofJobs()).containsOnlyKeys("plain");
    assertThat(left(diverged, 2).seconds()).isCloseTo(100, EXACT);
  }

  @Test
  void stepsOfAParentTrainedAgainAreNoProgressOfTheJob() {
    At again = new At(State.RUNNING, 60, 64);
    TimeLeft left = left(Map.of("trunk-1", new At(State.DONE, 80, 64), "branch-1", again), 2);
    assertThat(left.ofJobs().get("branch-1")).isCloseTo(40, EXACT);
    assertThat(left.ratio()).isEqualTo(1);
  }

  private static TimeLeft left(Map<String, At> places, int workers) {
    return TimeLeft.of(jobs(places), true, workers);
  }

  private static List<JobStatus> jobs(Map<String, At> places) {
    List<JobStatus> jobs = new ArrayList<>();
    for (PlannedJob planned : PLAN.jobs()) {
      At at = places.getOrDefault(planned.job().id(), LEFT);
      jobs.add(
          new JobStatus(
              planned,
              at.state(),
              at.step(),
              Optional.empty(),
              Optional.of(at.tokensPerSecond()).filter(speed -> speed > 0),
              Optional.empty()));
    }
    return jobs;
  }
}
