package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.isoflop.harness.plan.Sweeps.plan;
import static org.isoflop.harness.plan.Sweeps.screen;

import java.util.List;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.DecoderConfig;
import org.junit.jupiter.api.Test;

/** With mup a learning rate is the base shape's, wherever it comes from. */
final class BaseRateTest {

  private static final String MUP = "{kind: mup, base_width: 32}";

  @Test
  void aNumberIsTheSameForAllCells() {
    assertThat(plan(config(MUP, "0.02")).jobs())
        .filteredOn(job -> job.point().isPresent())
        .hasSizeGreaterThanOrEqualTo(21)
        .allSatisfy(job -> assertThat(job.schedule().peak()).isEqualTo(0.02));
  }

  @Test
  void aRuleIsAskedForTheBaseOnTheTokensOfTheCell() {
    SweepConfig config = config(MUP, "{rule: steplaw, multiplier: 2}");
    Plan plan = plan(config);
    DecoderConfig base = plan.jobs().get(0).decoder().base();
    double params = base.parameters().nonEmbedding();
    for (Job job : plan.jobs()) {
      job.point()
          .ifPresent(
              end -> {
                Cell own = new JobBuilder(config.training()).cell(job);
                double rate = 1.79 * Math.pow(params, -.713) * Math.pow(own.tokens(), .307);
                assertThat(own.learningRate()).as("halved for wsd").isCloseTo(rate, within(1e-9));
              });
    }
    assertThat(plan.warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .contains("the steplaw rule is of the standard parametrization")
                    .contains("what it says of d32-l2 on as many tokens"));
  }

  /** Which has the base's rates in it already. */
  @Test
  void aLawIsAskedForTheCell() {
    SweepConfig config =
        config(
            MUP,
            "{law: {factor: 0.6, params_exponent: -0.3, tokens_exponent: 0.1, params: [1e3, 1e7],"
                + " tokens: [1e4, 1e9], tuned_with: [parametrization mup of width 32 and 2"
                + " layers]}}");
    for (Job job : plan(config).jobs()) {
      job.point()
          .ifPresent(
              end -> {
                Cell own = new JobBuilder(config.training()).cell(job);
                double params = job.decoder().parameters().total();
                double rate = 0.6 * Math.pow(params, -.3) * Math.pow(own.tokens(), .1);
                assertThat(own.learningRate()).isCloseTo(rate, within(1e-9));
              });
    }
  }

  @Test
  void onlyTheRateAndTheScalesAreOthers() {
    Plan mup = plan(config(MUP, "0.02"));
    Plan standard = plan(config("standard", "0.02"));
    assertThat(mup.jobs()).extracting(Job::id).isEqualTo(ids(standard));
    assertThat(mup.flops()).isEqualTo(standard.flops());
    assertThat(mup.forecasts())
        .extracting(JobForecast::memoryBytes)
        .isEqualTo(standard.forecasts().stream().map(JobForecast::memoryBytes).toList());
  }

  @Test
  void thePlanNamesTheBase() {
    SweepConfig mup = config(MUP, "0.02");
    assertThat(screen(mup, plan(mup)))
        .containsPattern(
            "mup lr is that of the base, d32-l2 with 4 heads and an MLP of 88; the blocks have it"
                + " times [\\d.]+ in d\\d+-l\\d+ to [\\d.]+ in d\\d+-l\\d+ ");
    SweepConfig standard = config("standard", "0.02");
    assertThat(screen(standard, plan(standard))).doesNotContain("mup");
  }

  private static List<String> ids(Plan plan) {
    return plan.jobs().stream().map(Job::id).toList();
  }

  private static SweepConfig config(String parametrization, String rate) {
    return Sweeps.config(
        "grid: {budgets: [1e11, 1e12, 1e13]}",
        "decoder: {parametrization: " + parametrization + "}",
        "training: {batch_tokens: 512, learning_rate: " + rate + "}");
  }
}
