package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.isoflop.harness.plan.Sweeps.GIGAFLOPS;
import static org.isoflop.harness.plan.Sweeps.NO_CACHE;
import static org.isoflop.harness.plan.Sweeps.PLENTY;
import static org.isoflop.harness.plan.Sweeps.cells;
import static org.isoflop.harness.plan.Sweeps.config;
import static org.isoflop.harness.plan.Sweeps.job;
import static org.isoflop.harness.plan.Sweeps.plan;
import static org.isoflop.harness.plan.Sweeps.precision;
import static org.isoflop.harness.plan.Sweeps.trained;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.config.Schedule;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.config.Wsd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlanTest {

  /** Measuring takes seconds, which a plan that is refused need not cost. */
  private static final Plan.Throughput UNASKED =
      (decoder, passTokens) -> {
        throw new AssertionError("measured for a plan that is refused");
      };

  @Property(tries = 100)
  void everyJobKeepsItsPromises(
      @ForAll @DoubleRange(min = 9.5, max = 19) double logBudget,
      @ForAll @DoubleRange(min = 1.2, max = 30) double ratio,
      @ForAll @IntRange(min = 4, max = 9) int perBudget,
      @ForAll @DoubleRange(min = 1.5, max = 200) double span,
      @ForAll @IntRange(min = 3, max = 11) int logContext,
      @ForAll boolean cosine,
      @ForAll @DoubleRange(min = 11, max = 20) double logPass) {
    double first = Math.pow(10, logBudget);
    SweepConfig config =
        sweep(
            1 << logContext,
            "budgets: [%s, %s], sizes: {per_budget: %d, span: %s}"
                .formatted(first, first * ratio, perBudget, span),
            (cosine ? "schedule: {kind: cosine}, " : "")
                + "micro_batch_tokens: "
                + Math.max(1 << logContext, (int) Math.pow(2, logPass)),
            1e9);
    Plan plan;
    try {
      plan = Plan.of(config, PLENTY, GIGAFLOPS);
    } catch (BadInputException e) {
      assertThat(e).hasMessageStartingWith("sweep test: grid: ");
      return;
    }

    List<Job> cells = cells(plan);
    assertThat(cells.size() + plan.dropped().size()).isEqualTo(2 * perBudget);
    assertThat(plan.jobs()).extracting(Job::id).doesNotHaveDuplicates();
    assertThat(cells)
        .allSatisfy(
            job -> {
              Horizon horizon = job.horizon().orElseThrow();
              assertThat(horizon.flops() / horizon.budget()).isCloseTo(1, within(0.01));
              assertThat(horizon.flops())
                  .isEqualTo(horizon.tokens() * job.decoder().flopsPerToken());
              assertThat(horizon.steps()).isGreaterThanOrEqualTo(100);
              assertThat(job.schedule().end()).hasValue(horizon.steps());
              assertThat(job.schedule().warmupSteps()).isBetween(1L, horizon.steps() / 10);
              assertThat(job.batchTokens() % job.decoder().options().context()).isZero();
              assertThat(horizon.departure()).isBetween(1.0, 1.3);
              assertThat(job.parent().isPresent()).isEqualTo(!cosine);
            });
    assertLineagesHold(plan);
    Machine machine = new Machine(0, 2, 1, Optional.empty());
    assertThat(PlanText.render(plan, machine, precision(config, plan)).lines())
        .allMatch(line -> line.length() <= 100);
  }

  @Test
  void thePassDecidesTheMemoryAndNothingThatIsTrained() {
    List<Plan> plans =
        IntStream.of(128, 1000, 3 * 128, 1 << 20)
            .mapToObj(pass -> "batch_tokens: 2176, micro_batch_tokens: " + pass) // 17 sequences
            .map(training -> plan(trained("budgets: [1e15, 1e16]", training)))
            .toList();

    assertThat(plans).extracting(Plan::jobs).containsOnly(plans.get(0).jobs());
    assertThat(plans.get(0).jobs()).extracting(Job::batchTokens).containsOnly(17 * 128L);
    JobForecast alone = plans.get(0).forecasts().get(0);
    long activations = alone.memoryBytes() - 46 * alone.job().decoder().parameters().total();
    int[] longestPass = {1, 6, 3, 17}; // of 17 sequences in 17, 3, 6 and 1 passes
    for (int i = 0; i < longestPass.length; i++) {
      assertThat(plans.get(i).forecasts().get(0).memoryBytes() - alone.memoryBytes())
          .isEqualTo((longestPass[i] - 1) * activations);
    }
  }

  @Test
  void whatWasSimulatedIsSimulatedAgainOnlyForAnotherPlan(@TempDir Path folder) {
    AtomicInteger fits = new AtomicInteger();
    FrontierFit counting =
        points -> {
          fits.incrementAndGet();
          return new ParabolaFit().fit(points);
        };
    Cache cache = new Cache(folder.resolve("cache"));
    for (List<Double> budgets : List.of(List.of(1e12, 1e13, 1e14), List.of(1e12, 1e13))) {
      SweepConfig config = SweepConfig.of("test", List.of("f"), budgets);
      Plan plan = Plan.of(config, PLENTY, GIGAFLOPS);
      int before = fits.get();
      PrecisionForecast first = PrecisionForecast.of(config, plan, PLENTY, counting, cache);
      int once = fits.get();
      assertThat(once > before || first.precision().refused().isPresent()).isTrue();
      assertThat(PrecisionForecast.of(config, plan, PLENTY, counting, cache)).isEqualTo(first);
      assertThat(PrecisionForecast.of(config, plan, PLENTY, counting, NO_CACHE)).isEqualTo(first);
      assertThat(fits.get() - once).isEqualTo(once - before);
    }
  }

  @Test
  void aSmallEvaluationIsSaidWithItsNoise() {
    SweepConfig config = SweepConfig.of("test", List.of("f"), List.of(1e12, 1e13, 1e14));
    Plan small = Plan.of(config, new DataFacts(1_000_000_000, 200, 256), GIGAFLOPS);
    assertThat(small.warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .contains(
                        "over 128 validation tokens, evaluation.tokens asks for 200000",
                        "about 0.53 nats",
                        "about 8.8% of a loss",
                        "raise corpus.validation_fraction"));
    Plan large = Plan.of(config, PLENTY, GIGAFLOPS);
    assertThat(large.warnings()).noneMatch(warning -> warning.contains("validation tokens"));
    PrecisionForecast few =
        PrecisionForecast.of(
            config, small, new DataFacts(1_000_000_000, 200, 256), new ParabolaFit(), NO_CACHE);
    PrecisionForecast many = precision(config, large);
    assertThat(few.noise().at(1e13))
        .isCloseTo(Math.hypot(0.01, Math.sqrt(1.0 / 128)), within(1e-12));
    assertThat(many.noise().at(1e13)).isCloseTo(0.01, within(5e-4));
    assertThat(few.sentence()).contains("the noise hides the optima");
  }

  @Test
  void textThatIsMostlyHeldOutIsSaid() {
    SweepConfig config = SweepConfig.of("test", List.of("f"), List.of(1e12, 1e13, 1e14));
    assertThat(
            Plan.of(config, new DataFacts(1_000_000_000, 3_000_000_000L, 256), GIGAFLOPS)
                .warnings())
        .anyMatch(warning -> warning.startsWith("75% of the text is held out"));
    assertThat(
            Plan.of(config, new DataFacts(1_000_000_000, 100_000_000, 256), GIGAFLOPS).warnings())
        .noneMatch(warning -> warning.contains("held out"));
  }

  @Test
  void namesJobsAndCentresThem() {
    Plan plan = budgets(1e10, 1e11, 1e12);

    assertThat(plan.jobs().get(0).id()).matches("c1e10-d\\d+-l\\d+-s1-trunk");
    assertThat(plan.jobs().get(1).id()).matches("c1e10-d\\d+-l\\d+-s1");
    assertThat(plan.dropped()).isNotEmpty().allMatch(cell -> !cell.reason().isBlank());
  }

  @Test
  void halvesOnlyARulesPeakForWsd() {
    String rule = "learning_rate: {rule: deepseek, multiplier: 3}";
    double cosine = firstPeak(rule + ", schedule: {kind: cosine}");

    assertThat(cosine / (3 * 0.3118 * Math.pow(1e15, -0.125))).isBetween(1.0, 1.05); // no head
    assertThat(firstPeak(rule)).isEqualTo(cosine / 2);
    assertThat(firstPeak("learning_rate: 0.004")).isEqualTo(0.004);
  }

  private static double firstPeak(String training) {
    return plan(trained("budgets: [1e15]", training)).jobs().get(0).schedule().peak();
  }

  @ParameterizedTest
  @CsvSource({"32768, auto, 0.99", "65536, auto, 0.95", "32768, 0.9, 0.9"})
  void choosesBeta2ByBatchUnlessGiven(long batch, String given, double beta2) {
    String training = "batch_tokens: %d, optimizer: {beta2: %s}".formatted(batch, given);
    Job job = plan(trained("budgets: [1e17]", training)).jobs().get(0);
    assertThat(job.batchTokens()).isEqualTo(batch);
    assertThat(job.optimizer().beta2()).isEqualTo(beta2);
  }

  @Test
  void warmsUpForAsManyTokensAsParametersAtMostATenth() {
    Schedule auto = Wsd.DEFAULT;
    assertThat(JobBuilder.warmupSteps(auto, 100_000, 1000, 4000)).isEqualTo(25);
    assertThat(JobBuilder.warmupSteps(auto, 100_000, 200, 4000)).isEqualTo(20);
    assertThat(JobBuilder.warmupSteps(auto, 10, 200, 4000)).isEqualTo(1);
    assertThat(JobBuilder.warmupSteps(auto.withWarmup(0.3), 10, 200, 4000)).isEqualTo(60);
  }

  @Test
  void forecastsSecondsMemoryAndUse() {
    Plan plan = budgets(1e15);
    JobForecast stretch = plan.forecasts().get(0);
    JobForecast first = plan.horizons().get(0);
    Horizon horizon = first.job().horizon().orElseThrow();
    double evaluation = 200_000 * first.job().decoder().flopsPerToken() / 3;

    assertThat(stretch.seconds()).isCloseTo(0.8 * horizon.flops() / 1e9, within(1000.0));
    assertThat(stretch.seconds() + first.seconds())
        .isCloseTo((horizon.flops() + evaluation) / 1e9, within(1.0));
    assertThat(first.uniqueTokens()).isEqualTo(horizon.tokens());
    assertThat(first.memoryBytes()).isGreaterThan(16 * first.job().decoder().parameters().total());
    assertThat(plan.flops()).isCloseTo(7e15, within(7e13));
    assertThat(plan.flops() / plan.separateFlops())
        .as("one budget shares nothing")
        .isCloseTo(1, within(1e-12));
    double alone = plan.seconds(1);
    assertThat(plan.seconds(2)).isBetween(alone / 2, alone);
    assertThat(plan.seconds(99))
        .as("the longest lineage")
        .isEqualTo(
            plan.times().chains().values().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow());
  }

  @Test
  void refusesMoreEpochsThanTheLimit() {
    SweepConfig config = SweepConfig.of("test", List.of("f"), List.of(1e15));

    assertThatThrownBy(() -> Plan.of(config, new DataFacts(2_000_000, 1_000_000, 256), UNASKED))
        .isInstanceOf(BadInputException.class)
        .message()
        .matches(
            "sweep test: limits.epochs: 7 of 7 cells need more than 4 passes over the 2M"
                + " training tokens, c1e15-\\S+ the most \\(\\S+\\); name more text, lower the"
                + " budgets or raise the limit");
    assertThatThrownBy(() -> Plan.of(config, new DataFacts(128, 1_000_000, 256), UNASKED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("128 training tokens do not fill one sequence of 128");
  }

  @Test
  void aPassIsWholeWindowsAndTheLimitIsExact() {
    SweepConfig whole = config("grid: {budgets: [1e12]}", "limits: {epochs: 1}");
    Plan plenty = Plan.of(whole, PLENTY, GIGAFLOPS);
    long most =
        plenty.jobs().stream()
            .flatMap(job -> job.horizon().stream())
            .mapToLong(Horizon::tokens)
            .max()
            .orElseThrow();

    // The window's last target is one token more; what comes after is never seen.
    for (long tokens : List.of(most + 1, most + 128)) {
      Plan exact = Plan.of(whole, new DataFacts(tokens, 1_000_000, 256), GIGAFLOPS);
      assertThat(exact.forecasts())
          .extracting(JobForecast::epochs)
          .contains(1.0)
          .allMatch(epochs -> epochs <= 1);
      assertThat(exact.warnings()).noneMatch(warning -> warning.contains("repeat data"));
    }
    DataFacts fewer = new DataFacts(most, 1_000_000, 256);
    assertThatThrownBy(() -> Plan.of(whole, fewer, UNASKED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("limits.epochs: 1 of 7 cells need more than 1 passes over the ");
    Plan repeating = Plan.of(config("grid: {budgets: [1e12]}"), fewer, GIGAFLOPS);
    assertThat(repeating.warnings()).anyMatch(w -> w.startsWith("1 of 7 cells repeat data"));
    assertThat(repeating.forecasts())
        .allMatch(job -> job.uniqueTokens() <= most - 128)
        .anyMatch(job -> job.uniqueTokens() == most - 128 && job.epochs() > 1);
  }

  @Test
  void refusesAGridWithoutCells() {
    assertThatThrownBy(() -> budgets(1e7))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "sweep test: grid: none of its 7 cells can be trained (the first: ");
  }

  @Test
  void refusesCellsAtOneNumberOfTokens() {
    SweepConfig narrow = config("grid: {budgets: [1e15], sizes: {per_budget: 4, span: 1.05}}");

    assertThatThrownBy(() -> Plan.of(narrow, PLENTY, UNASKED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("so nothing can be said of tokens");
  }

  @Test
  void warnsOfWhatIsSuspicious() {
    assertThat(budgets(3e10, 1e11).warnings())
        .anyMatch(w -> w.startsWith("Only ") && w.contains("exponents need 3"));
    assertThat(budgets(3e14, 1e15).warnings())
        .anyMatch(
            w ->
                w.startsWith("training.learning_rate and training.batch_tokens: ")
                    && w.contains("outside the range the auto rule was validated on (1e10"));
    assertThat(plan(trained("budgets: [1e12]", "batch_tokens: 65536")).warnings())
        .anyMatch(w -> w.startsWith("training.batch_tokens: ") && w.contains("smaller batches"));
    assertThat(budgets(1e11, 3.2e11, 1e12).warnings())
        .as("batches of one sequence in place of 1.2, in runs of thousands of steps")
        .noneMatch(w -> w.contains("smaller batches"));

    assertThat(budgets(1e15, 2e15, 4e15).warnings())
        .anyMatch(w -> w.startsWith("The budgets span 0.6 decades"));

    SweepConfig config = SweepConfig.of("test", List.of("f"), List.of(1e15));
    assertThat(Plan.of(config, new DataFacts(100_000_000, 1_000_000, 256), GIGAFLOPS).warnings())
        .anyMatch(w -> w.matches("[1-6] of 7 cells repeat data, up to \\S+ epochs .*"));
    assertThat(
            Plan.of(config, new DataFacts(1_000_000_000, 1_000_000, 50_000), GIGAFLOPS).warnings())
        .anyMatch(w -> w.startsWith("Embedding and head hold more than half of the params in"));
  }

  @Test
  void warnsOfBriefCooldowns() {
    Plan plan = plan(trained("budgets: [1e13]", "schedule: {cooldown: 0.01}, batch_tokens: 4096"));

    assertThat(plan.warnings())
        .anyMatch(
            w ->
                w.matches(
                    "training.schedule: \\d of 7 cells cool down in fewer than 20 .* raise"
                        + " training.min_steps to 2000, or use a longer cooldown\\."));
    assertThat(cells(plan).stream().filter(job -> !job.shortOfSteps().isEmpty()))
        .isNotEmpty()
        .allSatisfy(
            job -> {
              assertThat(job.shortOfSteps()).isEqualTo("cooldown");
              assertThat(job.lastStep()).isLessThan(2000);
            });
  }

  @Test
  void theBatchGivesWayBeforeStepsBecomeFewAndWhatIsStillTooShortIsSaid() {
    Plan few = atLeast(50);
    assertThat(cells(few)).isNotEmpty().allMatch(job -> job.lastStep() >= 50);
    assertThat(cells(few))
        .extracting(Job::shortOfSteps)
        .containsAnyOf("warmup+cooldown", "cooldown")
        .contains("");
    assertThat(few.warnings())
        .anyMatch(w -> w.contains("cells warm up in fewer than 10 steps") && w.contains("to 100."));

    Plan many = atLeast(1000);
    assertThat(cells(many)).isNotEmpty().allMatch(job -> job.lastStep() >= 1000);
    assertThat(cells(many)).allMatch(job -> job.shortOfSteps().isEmpty());
    assertThat(many.warnings())
        .anyMatch(w -> w.contains("smaller batches than asked for, to make at least 1000 steps."));
    assertThat(many.dropped())
        .extracting(Plan.DroppedCell::reason)
        .anyMatch(reason -> reason.endsWith("fewer than the 1000 steps a run needs"));
    assertThat(cells(few).stream().map(Job::batchTokens).max(Long::compare).orElseThrow())
        .isGreaterThan(cells(many).stream().map(Job::batchTokens).max(Long::compare).orElseThrow());
  }

  private static Plan atLeast(int minSteps) {
    return plan(
        trained(
            "budgets: [3e10, 1e11]",
            "schedule: {cooldown: 0.1}, batch_tokens: 4096, min_steps: " + minSteps));
  }

  @Test
  void staysSilentWhereNothingIs() {
    String grid = "grid: {budgets: [1e17, 1e18, 1e19], sizes: {per_budget: 5}}";
    assertThat(plan(config("decoder: {context: 512}", grid)).warnings()).isEmpty();
  }

  @Test
  void sharesTheTrunksOfOneLadder() {
    String fixed = "learning_rate: 0.01, batch_tokens: 512";
    Plan plan = plan(trained("budgets: [1e12, 2e12, 4e12, 8e12]", fixed));
    Lineages lineages = new Lineages(plan.jobs());

    assertThat(cells(plan).stream().map(Job::decoder).distinct().count())
        .as("28 cells on a ladder of 7 a factor 16, centres a factor 2.8 apart")
        .isLessThanOrEqualTo(10);
    assertThat(plan.jobs().stream().filter(job -> job.parent().isEmpty()))
        .as("one trunk a size")
        .hasSize((int) cells(plan).stream().map(Job::decoder).distinct().count());
    assertThat(cells(plan))
        .extracting(job -> job.horizon().orElseThrow().departure())
        .containsOnly(1.0);
    assertThat(plan.flops()).isLessThan(0.75 * plan.separateFlops());
    assertThat(cells(plan).stream().map(lineages::of).mapToInt(List::size).max()).hasValue(5);
    assertLineagesHold(plan);
    Plan later = plan(trained("budgets: [1e12, 2e12, 4e12, 8e12, 1.6e13]", fixed));
    assertThat(later.jobs()).as("a larger budget changes no job").containsAll(plan.jobs());
  }

  @Test
  void aTrunkServesOnlyHorizonsWhoseOwnSettingsAreNear() {
    String grid = "budgets: [1e10, 2e10, 4e10, 8e10, 1.6e11, 3.2e11]"; // the rate falls by 2.8
    Plan wide = shared(grid, 1.5);
    assertLineagesHold(wide);
    assertThat(cells(wide))
        .extracting(job -> job.horizon().orElseThrow().departure())
        .allMatch(departure -> departure <= 1.5)
        .anyMatch(departure -> departure > 1.1);
    Plan narrow = shared(grid, 1);
    assertThat(cells(narrow))
        .extracting(job -> job.horizon().orElseThrow().departure())
        .containsOnly(1.0);
    assertThat(narrow.flops())
        .isCloseTo(narrow.separateFlops(), within(1e3))
        .isGreaterThan(1.1 * wide.flops());
    for (Job alone : cells(narrow)) {
      Job shared = job(wide, alone.id());
      assertThat(shared.schedule().peak())
          .isCloseTo(
              alone.schedule().peak() * shared.horizon().orElseThrow().learningRateDeparture(),
              within(1e-12));
    }
  }

  @Test
  void anExtendedPlanKeepsEveryJobAndGoesOnFromTheTips() {
    String small = "budgets: [1e10, 4e10]";
    String large = "budgets: [1e10, 2e10, 4e10, 8e10, 3.2e11]";
    Plan before = shared(small, 1.5);
    Plan after = shared(large, 1.5, before.jobs());
    assertLineagesHold(after);
    Lineages old = new Lineages(before.jobs());
    Lineages lineages = new Lineages(after.jobs());
    for (Job job : before.jobs()) {
      Job kept = job(after, job.id());
      assertThat(kept.schedule()).isEqualTo(job.schedule());
      assertThat(kept.lastStep()).isEqualTo(job.lastStep());
      assertThat(kept.batchSequences()).isEqualTo(job.batchSequences());
      assertThat(kept.optimizer()).isEqualTo(job.optimizer());
      assertThat(kept.horizon()).isEqualTo(job.horizon());
    }
    assertThat(
            before.jobs().stream()
                .filter(job -> old.children(job).stream().allMatch(c -> c.horizon().isPresent()))
                .map(tip -> lineages.children(tip).size()))
        .as("branches of a tip, and what goes on from it")
        .contains(2);
    assertThat(cells(after))
        .extracting(job -> job.horizon().orElseThrow().departure())
        .allMatch(departure -> departure <= 1.5);
    assertThat(shared(small, 1.5, after.jobs()).jobs())
        .as("what was planned once stays")
        .isEqualTo(after.jobs());
  }

  private static Plan shared(String grid, double tolerance) {
    return shared(grid, tolerance, List.of());
  }

  private static Plan shared(String grid, double tolerance, List<Job> existing) {
    return plan(trained(grid, "sharing: {tolerance: %s}".formatted(tolerance)), existing);
  }

  /** Every job follows its parent and goes on from it as if the two were one run. */
  private static void assertLineagesHold(Plan plan) {
    Lineages lineages = new Lineages(plan.jobs());
    for (Job job : plan.jobs()) {
      List<Job> lineage = lineages.of(job);
      assertThat(lineage.get(0).firstStep()).isZero();
      for (int i = 1; i < lineage.size(); i++) {
        Job parent = lineage.get(i - 1);
        Job child = lineage.get(i);
        assertThat(plan.jobs().indexOf(child)).isGreaterThan(plan.jobs().indexOf(parent));
        assertThat(child.firstStep()).isEqualTo(parent.lastStep());
        assertThat(parent.horizon()).isEmpty();
        assertThat(parent.decoder()).isEqualTo(child.decoder());
        assertThat(parent.seed()).isEqualTo(child.seed());
        assertThat(parent.batchSequences()).isEqualTo(child.batchSequences());
        assertThat(parent.optimizer()).isEqualTo(child.optimizer());
        for (long step : new long[] {0, parent.lastStep() / 20, parent.lastStep() - 1}) {
          assertThat(child.schedule().learningRate(step))
              .isEqualTo(parent.schedule().learningRate(step));
        }
      }
    }
  }

  private static SweepConfig sweep(int context, String grid, String training, double epochs) {
    return config(
        "decoder: {context: " + context + "}",
        "grid: {" + grid + "}",
        "training: {seeds: 1, control: none, " + training + "}",
        "limits: {epochs: " + epochs + "}");
  }

  private static Plan budgets(Double... budgets) {
    return Sweeps.plan(SweepConfig.of("test", List.of("f"), List.of(budgets)));
  }
}
