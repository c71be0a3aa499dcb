package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;

/** Where losses are taken on the way, and what the plan says that it costs. */
final class EvaluationStepsTest {

  private static final DataFacts DATA = new DataFacts(1_000_000_000, 2000, 256);

  @Test
  void lieEvenlyOnALogarithmicAxisFromTheWarmUpOn() {
    Plan plan = plan(0.25);
    EvaluationSteps steps = new EvaluationSteps(0.25);
    Job job = plan.jobs().get(0);
    List<Long> all =
        LongStream.iterate(
                steps.after(job, 0), step -> step < Long.MAX_VALUE, step -> steps.after(job, step))
            .boxed()
            .toList();
    assertThat(all).hasSizeGreaterThan(5);
    assertThat(all.get(0)).isEqualTo(job.schedule().warmupSteps());
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i) / (double) all.get(i - 1)).isBetween(1.25, 1.25 + 1.0 / all.get(i - 1));
    }
    assertThat(all.get(all.size() - 1)).isLessThanOrEqualTo(job.lastStep());
    assertThat(EvaluationSteps.NONE.after(job, 0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void takeTimeAndNoFlopsInThePlan() {
    Plan without = plan(0);
    Plan with = plan(0.1);
    assertThat(with.jobs()).isEqualTo(without.jobs());
    assertThat(with.flops()).isEqualTo(without.flops());
    EvaluationSteps steps = new EvaluationSteps(0.1);
    int onTheWay = 0;
    for (int i = 0; i < with.jobs().size(); i++) {
      Job job = with.jobs().get(i);
      int count = steps.count(job);
      onTheWay += count;
      double seconds = with.forecasts().get(i).seconds();
      // A forward pass over the 1,984 tokens that there are, a third of a step's FLOPs, at 1
      // GFLOP/s.
      double each = 1984 * job.decoder().flopsPerToken() / 3 / 1e9;
      assertThat(seconds - without.forecasts().get(i).seconds())
          .isCloseTo(count * each, within(1e-9));
    }
    assertThat(onTheWay).isGreaterThan(with.jobs().size());
  }

  private static Plan plan(double every) {
    SweepConfig config =
        Sweeps.config(
            "decoder: {context: 64}",
            "grid: {budgets: [1e10, 2e10]}",
            "evaluation: {every: %s}".formatted(every));
    return Plan.of(config, DATA, Sweeps.GIGAFLOPS);
  }
}
