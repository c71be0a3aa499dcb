package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import org.isoflop.harness.config.Control;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.config.DecoderSection;
import org.isoflop.harness.config.Evaluation;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.Limits;
import org.isoflop.harness.config.OptimizerConfig;
import org.isoflop.harness.config.Parametrization;
import org.isoflop.harness.config.PrecisionChoice;
import org.isoflop.harness.config.Rule;
import org.isoflop.harness.config.ScheduleConfig;
import org.isoflop.harness.config.Seeds;
import org.isoflop.harness.config.Shapes;
import org.isoflop.harness.config.Sharing;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.config.Training;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanTest {

  private static final Cache NO_CACHE = new Cache(Path.of("/dev/null"));

  private static final DataFacts PLENTY = new DataFacts(1_000_000_000_000_000L, 1_000_000, 256);
  private static final Throughput GIGAFLOPS = (decoder, passTokens) -> 1e9;

  /** Measuring takes seconds, which a plan that is refused need not cost. */
  private static final Throughput UNASKED =
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
    Training training =
        training(
            cosine ? ScheduleConfig.Cosine.DEFAULT : ScheduleConfig.Wsd.DEFAULT,
            Hyperparameter.ByRule.DEFAULT,
            Hyperparameter.ByRule.DEFAULT,
            (int) Math.pow(2, logPass));
    double first = Math.pow(10, logBudget);
    SweepConfig config =
        config(
            1 << logContext,
            new Grid(
                List.of(first, first * ratio), new Grid.Sizes(perBudget, span), Expected.DEFAULT),
            training,
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
    PrecisionForecast precision =
        PrecisionForecast.of(config, plan, PLENTY, new ParabolaFit(), NO_CACHE);
    Machine machine = new Machine(0, 2, 1, Optional.empty());
    assertThat(PlanText.render(plan, machine, precision).lines())
        .allMatch(line -> line.length() <= 100);
  }

  @Test
  void thePassDecidesTheMemoryAndNothingThatIsTrained() {
    Grid grid = Grid.of(List.of(1e15, 1e16));
    Hyperparameter batch = new Hyperparameter.Fixed(17 * 128);
    List<Plan> plans =
        IntStream.of(128, 1000, 3 * 128, 1 << 20)
            .mapToObj(
                pass ->
                    training(
                        ScheduleConfig.Wsd.DEFAULT, Hyperparameter.ByRule.DEFAULT, batch, pass))
            .map(training -> Plan.of(config(128, grid, training, 4), PLENTY, GIGAFLOPS))
            .toList();

    assertThat(plans).extracting(Plan::jobs).containsOnly(plans.get(0).jobs());
    assertThat(plans.get(0).jobs()).extracting(Job::batchTokens).containsOnly(17 * 128L);
    JobForecast alone = plans.get(0).forecast().jobs().get(0);
    long activations = alone.memoryBytes() - 46 * alone.job().decoder().parameters().total();
    int[] longestPass = {1, 6, 3, 17}; // of 17 sequences in 17, 3, 6 and 1 passes
    for (int i = 0; i < longestPass.length; i++) {
      assertThat(plans.get(i).forecast().jobs().get(0).memoryBytes() - alone.memoryBytes())
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
    PrecisionForecast many =
        PrecisionForecast.of(config, large, PLENTY, new ParabolaFit(), NO_CACHE);
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
    Plan plan = plan(1e10, 1e11, 1e12);

    assertThat(plan.jobs().get(0).id()).matches("c1e10-d\\d+-l\\d+-s1-trunk");
    assertThat(plan.jobs().get(1).id()).matches("c1e10-d\\d+-l\\d+-s1");
    assertThat(plan.dropped()).isNotEmpty().allMatch(cell -> !cell.reason().isBlank());
  }

  @Test
  void halvesOnlyARulesPeakForWsd() {
    Hyperparameter rule = new Hyperparameter.ByRule(Rule.DEEPSEEK, 3);
    double cosine = firstPeak(ScheduleConfig.Cosine.DEFAULT, rule);
    double wsd = firstPeak(ScheduleConfig.Wsd.DEFAULT, rule);
    double fixed = firstPeak(ScheduleConfig.Wsd.DEFAULT, new Hyperparameter.Fixed(0.004));

    assertThat(cosine / (3 * 0.3118 * Math.pow(1e15, -0.125))).isBetween(1.0, 1.05); // no head
    assertThat(wsd).isEqualTo(cosine / 2);
    assertThat(fixed).isEqualTo(0.004);
  }

  @Test
  void choosesBeta2ByBatchUnlessGiven() {
    assertThat(beta2(32_768, Optional.empty())).isEqualTo(0.99);
    assertThat(beta2(65_536, Optional.empty())).isEqualTo(0.95);
    assertThat(beta2(32_768, Optional.of(0.9))).isEqualTo(0.9);
  }

  @Test
  void warmsUpForAsManyTokensAsParametersAtMostATenth() {
    ScheduleConfig auto = ScheduleConfig.Wsd.DEFAULT;
    assertThat(JobBuilder.warmupSteps(auto, 100_000, 1000, 4000)).isEqualTo(25);
    assertThat(JobBuilder.warmupSteps(auto, 100_000, 200, 4000)).isEqualTo(20);
    assertThat(JobBuilder.warmupSteps(auto, 10, 200, 4000)).isEqualTo(1);
    assertThat(JobBuilder.warmupSteps(auto.withWarmup(0.3), 10, 200, 4000)).isEqualTo(60);
  }

  @Test
  void forecastsSecondsMemoryAndUse() {
    Plan plan = plan(1e15);
    JobForecast stretch = plan.forecast().jobs().get(0);
    JobForecast first = plan.forecast().horizons().get(0);
    Horizon horizon = first.job().horizon().orElseThrow();
    double evaluation = 200_000 * first.job().decoder().flopsPerToken() / 3;

    assertThat(stretch.seconds()).isCloseTo(0.8 * horizon.flops() / 1e9, within(1000.0));
    assertThat(stretch.seconds() + first.seconds())
        .isCloseTo((horizon.flops() + evaluation) / 1e9, within(1.0));
    assertThat(first.uniqueTokens()).isEqualTo(horizon.tokens());
    assertThat(first.memoryBytes()).isGreaterThan(16 * first.job().decoder().parameters().total());
    assertThat(plan.forecast().flops()).isCloseTo(7e15, within(7e13));
    assertThat(plan.forecast().flops() / plan.forecast().separateFlops())
        .as("one budget shares nothing")
        .isCloseTo(1, within(1e-12));
    double alone = plan.forecast().seconds(1);
    assertThat(plan.forecast().seconds(2)).isBetween(alone / 2, alone);
    assertThat(plan.forecast().seconds(99))
        .as("the longest lineage")
        .isEqualTo(
            plan.forecast().times().chains().values().stream()
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
    Grid grid = new Grid(List.of(1e12), Grid.Sizes.DEFAULT, Expected.DEFAULT);
    SweepConfig whole = config(128, grid, Training.DEFAULT, 1);
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
      assertThat(exact.forecast().jobs())
          .extracting(JobForecast::epochs)
          .contains(1.0)
          .allMatch(epochs -> epochs <= 1);
      assertThat(exact.warnings()).noneMatch(warning -> warning.contains("repeat data"));
    }
    DataFacts fewer = new DataFacts(most, 1_000_000, 256);
    assertThatThrownBy(() -> Plan.of(whole, fewer, UNASKED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("limits.epochs: 1 of 7 cells need more than 1 passes over the ");
    Plan repeating = Plan.of(config(128, grid, Training.DEFAULT, 4), fewer, GIGAFLOPS);
    assertThat(repeating.warnings()).anyMatch(w -> w.startsWith("1 of 7 cells repeat data"));
    assertThat(repeating.forecast().jobs())
        .allMatch(job -> job.uniqueTokens() <= most - 128)
        .anyMatch(job -> job.uniqueTokens() == most - 128 && job.epochs() > 1);
  }

  @Test
  void refusesAGridWithoutCells() {
    assertThatThrownBy(() -> plan(1e7))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "sweep test: grid: none of its 7 cells can be trained (the first: ");
  }

  @Test
  void refusesCellsAtOneNumberOfTokens() {
    Grid grid = new Grid(List.of(1e15), new Grid.Sizes(4, 1.05), Expected.DEFAULT);

    assertThatThrownBy(() -> Plan.of(config(128, grid, Training.DEFAULT, 4), PLENTY, UNASKED))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("so nothing can be said of tokens");
  }

  @Test
  void warnsOfWhatIsSuspicious() {
    assertThat(plan(3e10, 1e11).warnings())
        .anyMatch(w -> w.startsWith("Only ") && w.contains("exponents need 3"));
    assertThat(plan(3e14, 1e15).warnings())
        .anyMatch(
            w ->
                w.startsWith("training.learning_rate and training.batch_tokens: ")
                    && w.contains("outside the range the auto rule was validated on (1e10"));
    Training large =
        training(
            ScheduleConfig.Wsd.DEFAULT,
            Hyperparameter.ByRule.DEFAULT,
            new Hyperparameter.Fixed(65_536),
            16384);
    Grid grid = new Grid(List.of(1e12), Grid.Sizes.DEFAULT, Expected.DEFAULT);
    assertThat(Plan.of(config(128, grid, large, 4), PLENTY, GIGAFLOPS).warnings())
        .anyMatch(w -> w.startsWith("training.batch_tokens: ") && w.contains("smaller batches"));
    assertThat(plan(1e11, 3.2e11, 1e12).warnings())
        .as("batches of one sequence in place of 1.2, in runs of thousands of steps")
        .noneMatch(w -> w.contains("smaller batches"));

    assertThat(plan(1e15, 2e15, 4e15).warnings())
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
    Training training =
        training(
            new ScheduleConfig.Wsd(0.01),
            Hyperparameter.ByRule.DEFAULT,
            new Hyperparameter.Fixed(4096),
            16384);
    Plan plan = Plan.of(config(128, Grid.of(List.of(1e13)), training, 1e9), PLENTY, GIGAFLOPS);

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
    Grid grid = Grid.of(List.of(3e10, 1e11));
    Plan few = Plan.of(config(128, grid, atLeast(50), 1e9), PLENTY, GIGAFLOPS);
    assertThat(cells(few)).isNotEmpty().allMatch(job -> job.lastStep() >= 50);
    assertThat(cells(few))
        .extracting(Job::shortOfSteps)
        .containsAnyOf("warmup+cooldown", "cooldown")
        .contains("");
    assertThat(few.warnings())
        .anyMatch(w -> w.contains("cells warm up in fewer than 10 steps") && w.contains("to 100."));

    Plan many = Plan.of(config(128, grid, atLeast(1000), 1e9), PLENTY, GIGAFLOPS);
    assertThat(cells(many)).isNotEmpty().allMatch(job -> job.lastStep() >= 1000);
    assertThat(cells(many)).allMatch(job -> job.shortOfSteps().isEmpty());
    assertThat(many.warnings())
        .anyMatch(w -> w.contains("smaller batches than asked for, to make at least 1000 steps."));
    assertThat(many.dropped())
        .extracting(DroppedCell::reason)
        .anyMatch(reason -> reason.endsWith("fewer than the 1000 steps a run needs"));
    assertThat(cells(few).stream().map(Job::batchTokens).max(Long::compare).orElseThrow())
        .isGreaterThan(cells(many).stream().map(Job::batchTokens).max(Long::compare).orElseThrow());
  }

  private static Training atLeast(int minSteps) {
    return new Training(
        new ScheduleConfig.Wsd(0.1),
        Hyperparameter.ByRule.DEFAULT,
        new Hyperparameter.Fixed(4096),
        minSteps,
        Sharing.defaultFor(ScheduleConfig.Wsd.DEFAULT),
        Control.NONE,
        PrecisionChoice.AUTO,
        1,
        Seeds.of(1),
        Optional.empty(),
        OptimizerConfig.DEFAULT);
  }

  @Test
  void staysSilentWhereNothingIs() {
    Grid grid = new Grid(List.of(1e17, 1e18, 1e19), new Grid.Sizes(5, 16), Expected.DEFAULT);
    assertThat(Plan.of(config(512, grid, Training.DEFAULT, 4), PLENTY, GIGAFLOPS).warnings())
        .isEmpty();
  }

  @Test
  void sharesTheTrunksOfOneLadder() {
    Training fixed =
        training(
            ScheduleConfig.Wsd.DEFAULT,
            new Hyperparameter.Fixed(0.01),
            new Hyperparameter.Fixed(512),
            16384);
    Grid grid = Grid.of(List.of(1e12, 2e12, 4e12, 8e12));
    Plan plan = Plan.of(config(128, grid, fixed, 4), PLENTY, GIGAFLOPS);
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
    assertThat(plan.forecast().flops()).isLessThan(0.75 * plan.forecast().separateFlops());
    assertThat(cells(plan).stream().map(lineages::of).mapToInt(List::size).max()).hasValue(5);
    assertLineagesHold(plan);
    Plan later =
        Plan.of(
            config(128, Grid.of(List.of(1e12, 2e12, 4e12, 8e12, 1.6e13)), fixed, 4),
            PLENTY,
            GIGAFLOPS);
    assertThat(later.jobs()).as("a larger budget changes no job").containsAll(plan.jobs());
  }

  @Test
  void aTrunkServesOnlyHorizonsWhoseOwnSettingsAreNear() {
    Grid grid = Grid.of(List.of(1e10, 2e10, 4e10, 8e10, 1.6e11, 3.2e11)); // the rate falls by 2.8
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
    assertThat(narrow.forecast().flops())
        .isCloseTo(narrow.forecast().separateFlops(), within(1e3))
        .isGreaterThan(1.1 * wide.forecast().flops());
    for (Job alone : cells(narrow)) {
      Job shared =
          cells(wide).stream().filter(j -> j.id().equals(alone.id())).findFirst().orElseThrow();
      assertThat(shared.schedule().peak())
          .isCloseTo(
              alone.schedule().peak() * shared.horizon().orElseThrow().learningRateDeparture(),
              within(1e-12));
    }
  }

  @Test
  void anExtendedPlanKeepsEveryJobAndGoesOnFromTheTips() {
    Grid small = Grid.of(List.of(1e10, 4e10));
    Grid large = Grid.of(List.of(1e10, 2e10, 4e10, 8e10, 3.2e11));
    Plan before = shared(small, 1.5);
    Plan after = shared(large, 1.5, before.jobs());
    assertLineagesHold(after);
    Lineages old = new Lineages(before.jobs());
    Lineages lineages = new Lineages(after.jobs());
    for (Job job : before.jobs()) {
      Job kept =
          after.jobs().stream().filter(j -> j.id().equals(job.id())).findFirst().orElseThrow();
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

  private static Plan shared(Grid grid, double tolerance) {
    return shared(grid, tolerance, List.of());
  }

  private static Plan shared(Grid grid, double tolerance, List<Job> existing) {
    Training training =
        new Training(
            ScheduleConfig.Wsd.DEFAULT,
            Hyperparameter.ByRule.DEFAULT,
            Hyperparameter.ByRule.DEFAULT,
            100,
            new Sharing(Sharing.Kind.TRUNK, tolerance, Sharing.Verify.NONE),
            Control.NONE,
            PrecisionChoice.AUTO,
            1,
            Seeds.of(1),
            Optional.empty(),
            OptimizerConfig.DEFAULT);
    return Plan.of(config(128, grid, training, 4), PLENTY, GIGAFLOPS, existing);
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

  private static List<Job> cells(Plan plan) {
    return plan.forecast().horizons().stream().map(JobForecast::job).toList();
  }

  private static double firstPeak(ScheduleConfig schedule, Hyperparameter rate) {
    Training training = training(schedule, rate, Hyperparameter.ByRule.DEFAULT, 16384);
    SweepConfig config = config(128, Grid.of(List.of(1e15)), training, 4);
    return Plan.of(config, PLENTY, GIGAFLOPS).jobs().get(0).schedule().peak();
  }

  private static double beta2(double batchTokens, Optional<Double> given) {
    Training training =
        new Training(
            ScheduleConfig.Wsd.DEFAULT,
            Hyperparameter.ByRule.DEFAULT,
            new Hyperparameter.Fixed(batchTokens),
            100,
            Sharing.defaultFor(ScheduleConfig.Wsd.DEFAULT),
            Control.NONE,
            PrecisionChoice.AUTO,
            1,
            Seeds.of(1),
            Optional.empty(),
            new OptimizerConfig(0.9, given, 1e-8, 0.1, 1));
    SweepConfig config = config(128, Grid.of(List.of(1e17)), training, 4);
    Job job = Plan.of(config, PLENTY, GIGAFLOPS).jobs().get(0);
    assertThat(job.batchTokens()).isEqualTo((long) batchTokens);
    return job.optimizer().beta2();
  }

  private static Training training(
      ScheduleConfig schedule, Hyperparameter rate, Hyperparameter batch, int microBatchTokens) {
    return new Training(
        schedule,
        rate,
        batch,
        100,
        Sharing.defaultFor(schedule),
        Control.NONE,
        PrecisionChoice.AUTO,
        1,
        Seeds.of(1),
        Optional.of(microBatchTokens),
        OptimizerConfig.DEFAULT);
  }

  private static SweepConfig config(int context, Grid grid, Training training, double epochs) {
    return new SweepConfig(
        "test",
        CorpusConfig.of(List.of("f")),
        new DecoderSection(
            context,
            MlpKind.SWIGLU,
            NormKind.LAYERNORM,
            true,
            false,
            Shapes.DEFAULT,
            new Parametrization.Standard()),
        grid,
        training,
        Evaluation.DEFAULT,
        new Limits(epochs));
  }

  private static Plan plan(Double... budgets) {
    return Plan.of(SweepConfig.of("test", List.of("f"), List.of(budgets)), PLENTY, GIGAFLOPS);
  }
}
