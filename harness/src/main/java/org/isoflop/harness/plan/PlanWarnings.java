package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.Parametrization;
import org.isoflop.harness.config.Rule;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.ParameterCounts;

/** What is suspicious about a plan that can be run: one sentence each, with what to do. */
final class PlanWarnings {

  /** A span of less leaves under a factor 4 to a side of the expected optimum. */
  private static final double NARROWEST_SPAN = 16;

  /** Budgets over less than this say little of an exponent. */
  private static final double FEWEST_DECADES = 1.5;

  /** A batch this much smaller than asked for is more than rounding. */
  private static final double SMALLER_BATCH = 0.9;

  /** Evaluations that add more than this to the noise of a loss are worth a word; as a share. */
  private static final double NOISY_EVALUATION = 0.005;

  /** Fewer tokens than this share of those asked for are too. */
  private static final double SMALLER_EVALUATION = 0.9;

  /** A share of the text so far above the fraction held out is a document that fell there. */
  private static final double LOPSIDED = 3;

  private final SweepConfig config;
  private final DataFacts data;
  private final List<JobForecast> cells;
  private final List<String> warnings = new ArrayList<>();

  PlanWarnings(SweepConfig config, DataFacts data, List<JobForecast> cells) {
    this.config = config;
    this.data = data;
    this.cells = cells;
  }

  List<String> all() {
    identification();
    rules();
    rateOfTheBase();
    batches();
    steps();
    epochs();
    embeddings();
    unusedShapes();
    evaluation();
    split();
    return warnings;
  }

  /** Returns the budgets with enough sizes for a curve. */
  private static List<Double> curves(List<JobForecast> cells) {
    return cells.stream()
        .map(PlanWarnings::budget)
        .distinct()
        .filter(budget -> sizes(cells, budget) >= FrontierFit.FEWEST_SIZES)
        .toList();
  }

  private void identification() {
    if (!config.grid().cells().isEmpty()) {
      named();
      return;
    }
    for (double budget : config.grid().budgets()) {
      long sizes = sizes(cells, budget);
      if (sizes < FrontierFit.FEWEST_SIZES) {
        warn(
            "Budget %s keeps %d of %d sizes; a curve needs %d, so no optimum will come of it.",
            Quantities.flops(budget),
            sizes,
            config.grid().sizes().perBudget(),
            FrontierFit.FEWEST_SIZES);
      }
    }
    List<Double> curves = curves(cells);
    if (curves.size() < FrontierFit.FEWEST_BUDGETS) {
      warn(
          "Only %d of the budgets can have an optimum; exponents need %d, so none will come of"
              + " this sweep.",
          curves.size(), FrontierFit.FEWEST_BUDGETS);
    } else {
      double decades = Math.log10(curves.get(curves.size() - 1) / curves.get(0));
      if (decades < FEWEST_DECADES) {
        warn(
            "The budgets span %.1f decades; under %.1f the exponents will be uncertain.",
            decades, FEWEST_DECADES);
      }
    }
    if (config.grid().sizes().span() < NARROWEST_SPAN) {
      warn(
          "grid.sizes.span %s leaves less than a factor 4 to each side of the expected optimum,"
              + " which may then lie at an edge.",
          Quantities.digits(config.grid().sizes().span()));
    }
  }

  private void named() {
    int curves = curves(cells).size();
    if (curves < FrontierFit.FEWEST_BUDGETS) {
      warn(
          "grid.cells alone give %d budgets the %d sizes of a curve, and exponents need %d such"
              + " budgets; analyse these runs together with those they complete.",
          curves, FrontierFit.FEWEST_SIZES, FrontierFit.FEWEST_BUDGETS);
    }
  }

  /** What rules and laws say of themselves, once where it is the same for both. */
  private void rules() {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String key : Hyperparameter.KEYS) {
      Hyperparameter asked = config.training().hyperparameter(key);
      asked
          .warnings(cells.stream().map(cell -> asked(key, asked, cell)).toList(), config.recipe())
          .forEach(said -> keys.merge(said, "training." + key, (one, two) -> one + " and " + two));
    }
    keys.forEach((said, of) -> warnings.add(of + ": " + said));
  }

  /** Returns the cell that what gives a hyperparameter is asked for. */
  private static Rule.Cell asked(String key, Hyperparameter by, JobForecast cell) {
    return key.equals("learning_rate")
        ? by.rateCell(budget(cell), cell.job().decoder())
        : ruleCell(cell);
  }

  /** What a rule makes of a base shape is only as good as its rate is there. */
  private void rateOfTheBase() {
    if (config.decoder().parametrization() instanceof Parametrization.Mup
        && config.training().learningRate() instanceof Hyperparameter.ByRule named) {
      warn(
          "training.learning_rate: the %s rule is of the standard parametrization; with mup all"
              + " cells have what it says of %s on as many tokens. 'isoflop tune' finds the best.",
          named.rule(), cells.get(0).job().decoder().base().shapeName());
    }
  }

  private void batches() {
    JobBuilder builder = new JobBuilder(config.training());
    long smaller =
        count(
            job -> {
              Cell cell = builder.cell(job.job());
              double wanted = builder.wantedBatchTokens(ruleCell(job), cell.setting());
              return cell.batchSequences() == cell.mostSequences()
                  && ownBatchTokens(job) < SMALLER_BATCH * wanted;
            });
    if (smaller > 0) {
      warn(
          "training.batch_tokens: %d of %d cells train with smaller batches than asked for, to make"
              + " at least %d steps.",
          smaller, cells.size(), config.training().minSteps());
    }
  }

  private void steps() {
    config
        .training()
        .schedule()
        .cooldownShare()
        .ifPresent(share -> shortOfSteps("cooldown", "cool down", Job.SHORTEST_COOLDOWN, share));
    double warmup = config.training().schedule().warmup().orElse(JobBuilder.LONGEST_WARMUP);
    shortOfSteps("warmup", "warm up", Job.SHORTEST_WARMUP, warmup);
  }

  private void shortOfSteps(String part, String verb, long fewest, double share) {
    long brief = count(cell -> cell.job().shortOfSteps().contains(part));
    if (brief > 0) {
      warn(
          "training.schedule: %d of %d cells %s in fewer than %d steps, and their losses may say"
              + " more of that than of their size (short_of_steps in the points); raise"
              + " training.min_steps to %.0f%s.",
          brief,
          cells.size(),
          verb,
          fewest,
          Math.ceil(fewest / share),
          part.equals("cooldown") || config.training().schedule().warmup().isPresent()
              ? ", or use a longer " + part
              : "");
    }
  }

  private void epochs() {
    long repeating = count(cell -> cell.epochs() > 1);
    if (repeating > 0) {
      JobForecast most =
          cells.stream().max(Comparator.comparingDouble(JobForecast::epochs)).orElseThrow();
      warn(
          "%d of %d cells repeat data, up to %s epochs (%s); up to about 4 cost little (Muennighoff"
              + " et al. 2023).",
          repeating, cells.size(), Quantities.digits(most.epochs()), most.job().id());
    }
  }

  private void embeddings() {
    long heavy =
        count(
            cell -> {
              ParameterCounts params = cell.job().decoder().parameters();
              return 2 * params.nonEmbedding() < params.total();
            });
    if (heavy > 0) {
      warn(
          "Embedding and head hold more than half of the params in %d of %d cells, so the exponents"
              + " will depend on which params are counted; use a smaller vocabulary or larger"
              + " budgets.",
          heavy, cells.size());
    }
  }

  /** A list is a wish: what no size chose is more likely a slip than meant. */
  private void unusedShapes() {
    if (config.decoder().shapes().rule().isPresent()) {
      return;
    }
    List<DecoderConfig> unused =
        new ArrayList<>(config.decoder().ladder(data.vocabulary()).rungs());
    cells.forEach(cell -> unused.remove(cell.job().decoder()));
    if (!unused.isEmpty()) {
      warn(
          "decoder.shapes: no budget has a size nearest to %d of its shapes: %s; use"
              + " other budgets or sizes, or name them by their params in grid.cells.",
          unused.size(),
          unused.stream()
              .map(
                  shape ->
                      shape.shapeName()
                          + " ("
                          + Quantities.count((double) shape.parameters().total())
                          + " params)")
              .collect(Collectors.joining(", ")));
    }
  }

  private void evaluation() {
    long tokens = data.evaluatedTokens(config);
    long asked = config.evaluation().tokens();
    DataFacts.EvaluationNoise noise = data.evaluationNoise(config);
    boolean fewer = tokens < SMALLER_EVALUATION * asked;
    if (fewer || noise.share() > NOISY_EVALUATION) {
      warn(
          "Losses will be taken over %d validation tokens%s: over other text they would differ by"
              + " about %s nats, and about %s of a loss is noise that cells do not share; %s.",
          tokens,
          fewer ? ", evaluation.tokens asks for " + asked : "",
          Quantities.digits(noise.nats()),
          Quantities.percent(noise.share()),
          fewer ? moreHeldOut() : "raise evaluation.tokens");
    }
  }

  private String moreHeldOut() {
    return config.corpus().validationFraction() > 0
        ? "name more text or raise corpus.validation_fraction"
        : "hold out more text";
  }

  private void split() {
    double share =
        (double) data.validationTokens()
            / Math.max(1.0, (double) data.validationTokens() + data.trainTokens());
    double asked = config.corpus().validationFraction();
    if (asked == 0) {
      if (share > 0.5) {
        warn(
            "%s of the text is held out for evaluation; name more text to train on.",
            Quantities.percent(share));
      }
    } else if (share > 0.5 || share > LOPSIDED * asked) {
      warn(
          "%s of the text is held out for evaluation, where corpus.validation_fraction asks for %s:"
              + " documents go to one side whole, and large ones went there; name more documents,"
              + " or cut the large ones.",
          Quantities.percent(share), Quantities.percent(asked));
    }
  }

  private long count(Predicate<JobForecast> suspicious) {
    return cells.stream().filter(suspicious).count();
  }

  private static long sizes(List<JobForecast> cells, double budget) {
    return cells.stream()
        .filter(cell -> budget(cell) == budget)
        .map(cell -> cell.job().decoder())
        .distinct()
        .count();
  }

  private static Rule.Cell ruleCell(JobForecast cell) {
    return Rule.Cell.of(budget(cell), cell.job().decoder());
  }

  /** What its trunk made of the batch is no matter of too few steps. */
  private static double ownBatchTokens(JobForecast cell) {
    return cell.job().batchTokens() / cell.job().end().batchDeparture();
  }

  private static double budget(JobForecast cell) {
    return cell.job().end().budget();
  }

  private void warn(String sentence, Object... arguments) {
    warnings.add(Quantities.format(sentence, arguments));
  }
}
