package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Cache;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.config.DecoderSection;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.Parametrization;
import org.isoflop.harness.config.Rule;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.config.Training;
import org.isoflop.models.DecoderConfig;
import org.junit.jupiter.api.Test;

/** With mup a learning rate is the base shape's, wherever it comes from. */
final class BaseRateTest {

  private static final DataFacts PLENTY = new DataFacts(1_000_000_000_000_000L, 1_000_000, 256);
  private static final Parametrization MUP = new Parametrization.Mup(32, 2);
  private static final List<Double> ONE = List.of(1.0);

  @Test
  void aNumberIsTheSameForAllCells() {
    assertThat(plan(MUP, new Hyperparameter.Fixed(0.02)).jobs())
        .filteredOn(job -> job.point().isPresent())
        .hasSizeGreaterThanOrEqualTo(21)
        .allSatisfy(job -> assertThat(job.schedule().peak()).isEqualTo(0.02));
  }

  @Test
  void aRuleIsAskedForTheBaseOnTheTokensOfTheCell() {
    Training training = training(new Hyperparameter.ByRule(Rule.STEPLAW, 2));
    Plan plan = plan(MUP, training.learningRate());
    DecoderConfig base = plan.jobs().get(0).decoder().base();
    double params = base.parameters().nonEmbedding();
    for (Job job : plan.jobs()) {
      job.point()
          .ifPresent(
              end -> {
                Cell own = new JobBuilder(training).cell(job);
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
    Law law =
        new Law(0.6, -0.3, 0.1, 0, List.of(1e3, 1e7), List.of(1e4, 1e9), List.of(MUP.recipe()));
    Training training = training(new Hyperparameter.ByLaw(law, 1, ONE));
    for (Job job : plan(MUP, training.learningRate()).jobs()) {
      job.point()
          .ifPresent(
              end -> {
                Cell own = new JobBuilder(training).cell(job);
                double params = job.decoder().parameters().total();
                double rate = 0.6 * Math.pow(params, -.3) * Math.pow(own.tokens(), .1);
                assertThat(own.learningRate()).isCloseTo(rate, within(1e-9));
              });
    }
  }

  @Test
  void onlyTheRateAndTheScalesAreOthers() {
    Plan mup = plan(MUP, new Hyperparameter.Fixed(0.02));
    Plan standard = plan(new Parametrization.Standard(), new Hyperparameter.Fixed(0.02));
    assertThat(mup.jobs()).extracting(Job::id).isEqualTo(ids(standard));
    assertThat(mup.forecast().flops()).isEqualTo(standard.forecast().flops());
    assertThat(mup.forecast().jobs())
        .extracting(JobForecast::memoryBytes)
        .isEqualTo(standard.forecast().jobs().stream().map(JobForecast::memoryBytes).toList());
  }

  @Test
  void thePlanNamesTheBase() {
    assertThat(text(plan(MUP, new Hyperparameter.Fixed(0.02))))
        .containsPattern(
            "mup lr is that of the base, d32-l2 with 4 heads and an MLP of 88; the blocks have it times"
                + " [\\d.]+ in d\\d+-l\\d+ to [\\d.]+ in d\\d+-l\\d+ ");
    Plan standard = plan(new Parametrization.Standard(), new Hyperparameter.Fixed(0.02));
    assertThat(text(standard)).doesNotContain("mup");
  }

  private static List<String> ids(Plan plan) {
    return plan.jobs().stream().map(Job::id).toList();
  }

  private static String text(Plan plan) {
    SweepConfig any = config(new Parametrization.Standard(), new Hyperparameter.Fixed(1));
    PrecisionForecast precision =
        PrecisionForecast.of(any, plan, PLENTY, new ParabolaFit(), new Cache(Path.of("/dev/null")));
    return PlanText.render(plan, new Machine(0, 1, 1, Optional.empty()), precision)
        .replaceAll("\\s+", " ");
  }

  private static Plan plan(Parametrization parametrization, Hyperparameter rate) {
    return Plan.of(config(parametrization, rate), PLENTY, (decoder, passTokens) -> 1e9);
  }

  private static Training training(Hyperparameter rate) {
    return Training.DEFAULT.with(rate, new Hyperparameter.Fixed(512));
  }

  private static SweepConfig config(Parametrization parametrization, Hyperparameter rate) {
    SweepConfig defaults = SweepConfig.of("test", List.of("f"), List.of(1e11, 1e12, 1e13));
    DecoderSection decoder = defaults.decoder();
    return new SweepConfig(
        "test",
        defaults.corpus(),
        new DecoderSection(
            decoder.context(),
            decoder.mlp(),
            decoder.norm(),
            decoder.qkNorm(),
            decoder.tied(),
            decoder.shapes(),
            parametrization),
        Grid.of(List.of(1e11, 1e12, 1e13)),
        training(rate),
        defaults.evaluation(),
        defaults.limits());
  }
}
