package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.config.Training;
import org.junit.jupiter.api.Test;

/** Plans whose learning rates and batches follow from tuned laws. */
final class TunedLawPlanTest {

  private static final JobBuilder BUILDER = new JobBuilder(Training.DEFAULT);
  private static final List<Double> ONE = List.of(1.0);

  private static final Law RATE =
      new Law(
          0.02,
          -0.3,
          0.1,
          0.5,
          List.of(1e4, 1e5),
          List.of(1e5, 1e7),
          List.of("schedule wsd", "context 64", "mlp swiglu", "shapes by {layers:2}"));
  private static final Law BATCH =
      new Law(0.6, 0, 0.5, 0, List.of(1e4, 1e5), List.of(1e5, 1e7), RATE.tunedWith());

  @Test
  void everyCellHasWhatTheLawsSayOfIt() {
    Plan plan =
        plan(new Hyperparameter.ByLaw(RATE, 2, ONE), new Hyperparameter.ByLaw(BATCH, 1, ONE));

    assertThat(plan.horizons())
        .hasSize(21)
        .extracting(JobForecast::job)
        .allSatisfy(
            job -> {
              Cell own = BUILDER.cell(job); // what its trunk made of it taken off
              double params = job.decoder().parameters().total();
              double batch = Math.max(1, Math.round(0.6 * Math.sqrt(own.tokens()) / 128)) * 128;
              assertThat(own.batchSequences() * 128.0).isEqualTo(batch);
              double rate =
                  2
                      * 0.02
                      * Math.pow(params, -0.3)
                      * Math.pow(own.tokens(), 0.1)
                      * Math.sqrt(batch);
              assertThat(own.learningRate()).as("not halved for wsd").isCloseTo(rate, within(1e-9));
            });
  }

  /** The best rate for the batch that is trained with, not for the law's own batch. */
  @Test
  void theRateIsThatOfTheBatchAtHandButNotOfItsMultipliers() {
    Hyperparameter rate = new Hyperparameter.ByLaw(RATE, 1, ONE);
    Plan small = plan(rate, new Hyperparameter.Fixed(256, List.of(1.0, 2.0)));
    Plan large = plan(rate, new Hyperparameter.Fixed(1024, ONE));

    for (JobForecast forecast : small.horizons()) {
      Cell cell = BUILDER.cell(forecast.job());
      Cell other =
          large.horizons().stream()
              .map(one -> BUILDER.cell(one.job()))
              .filter(one -> one.decoder().equals(cell.decoder()) && one.budget() == cell.budget())
              .findAny()
              .orElseThrow();
      assertThat(other.learningRate() / cell.learningRate()).isCloseTo(2, within(1e-9));
    }
  }

  @Test
  void sayHowFarTheLawsAreStretchedAndWhatElseDiffers() {
    Plan plan =
        plan(new Hyperparameter.ByLaw(RATE, 1, ONE), new Hyperparameter.ByLaw(BATCH, 1, ONE));

    assertThat(plan.warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .matches(
                        "training.learning_rate and training.batch_tokens: \\d+ of 21 cells lie"
                            + " outside the range the law was tuned on \\(10k to 100k params and"
                            + " 100k to 10M tokens\\), up to a factor [\\d.]+ in params and [\\d.]+"
                            + " in tokens\\."))
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .contains(
                        "the law was tuned with context 64, shapes by {layers:2}, which this sweep"
                            + " has not"));
    Law wide =
        new Law(0.02, -0.3, 0.1, 0.5, List.of(1e3, 1e7), List.of(1e4, 1e9), List.of("mlp swiglu"));
    assertThat(
            plan(new Hyperparameter.ByLaw(wide, 1, ONE), new Hyperparameter.Fixed(512)).warnings())
        .noneMatch(warning -> warning.contains("law"));
  }

  private static Plan plan(Hyperparameter rate, Hyperparameter batch) {
    SweepConfig sweep = Sweeps.trained("budgets: [1e11, 1e12, 1e13]", "min_steps: 100");
    return Sweeps.plan(sweep.with(sweep.training().with(rate, batch)));
  }
}
