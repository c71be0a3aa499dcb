package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Set;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.junit.jupiter.api.Test;

/** How far a sweep is: by forecast seconds, and without taking an earlier run's work for speed. */
final class SweepProgressTest {

  private final Plan plan = Plans.ofSeconds(10, 30);
  private final Job small = plan.jobs().get(0);
  private final Job large = plan.jobs().get(1);

  @Test
  void jobsCountByTheirForecastSeconds() {
    SweepProgress progress = new SweepProgress(plan, Set.of());
    assertThat(progress.fraction()).isZero();
    progress.at(small, Plans.STEPS);
    assertThat(progress.fraction()).isEqualTo(0.25);
    progress.at(large, Plans.STEPS / 2);
    assertThat(progress.fraction()).isEqualTo(0.625);
    progress.at(large, Plans.STEPS);
    assertThat(progress.fraction()).isEqualTo(1);
  }

  @Test
  void thereIsNoTimeLeftToTellBeforeAStepIsTrained() {
    SweepProgress progress = new SweepProgress(plan, Set.of(small.id()));
    assertThat(progress.fraction()).isEqualTo(0.25);
    assertThat(progress.left()).isEmpty();
    progress.begins(large, Plans.STEPS / 2);
    assertThat(progress.fraction()).isEqualTo(0.625);
    assertThat(progress.left()).isEmpty();
  }

  @Test
  void timeLeftGoesByTheStepsOfThisRunAlone() throws InterruptedException {
    long begin = System.nanoTime();
    SweepProgress progress = new SweepProgress(plan, Set.of(small.id()));
    progress.begins(large, 900);
    Thread.sleep(60);
    progress.at(large, 910);
    // A hundredth of the large job took all the time there was; nine more are to come.
    Duration left = progress.left().orElseThrow();
    double elapsed = (System.nanoTime() - begin) * 1e-6;
    assertThat((double) left.toMillis()).isBetween(9 * 59.0, 9 * elapsed + 1);
  }

  @Test
  void aSweepWithNothingToDoIsDone() {
    SweepProgress progress = new SweepProgress(plan, Set.of(small.id(), large.id()));
    assertThat(progress.fraction()).isCloseTo(1, within(1e-12));
    assertThat(progress.left()).isEmpty();
  }
}
