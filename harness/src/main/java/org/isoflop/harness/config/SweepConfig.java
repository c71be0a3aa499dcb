package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Checks.KeyException;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.Precision;

/** One sweep as its user asks for it: the root of the YAML file. */
public record SweepConfig(
    @Words(
            "Name of the sweep and of its folder under runs/. Default: this file's name without its"
                + " extension.")
        String name,
    @Words("The text to train and evaluate on.") CorpusConfig corpus,
    @Words(
            "What all decoders share, and their shapes: depth and width follow from each cell's"
                + " size.")
        DecoderSection decoder,
    @Words("Budgets × sizes: every cell yields one loss point. Or each cell by name, in cells.")
        Grid grid,
    @Words("How every cell is trained.") Training training,
    @Words("How losses are taken.") Evaluation evaluation,
    @Words("What a plan must not exceed.") Limits limits) {

  private static final long MOST_RUNS = 10_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

  /** Refuses values that do not fit each other with {@link IllegalArgumentException}. */
  public SweepConfig {
    check(
        NAME.matcher(name).matches(),
        "name",
        "'%s' cannot be a folder's name, use letters, digits, '.', '_' and '-'",
        name);
    int context = decoder.context();
    if (training.batchTokens() instanceof Hyperparameter.Fixed fixed) {
      check(
          fixed.value() * fixed.multipliers().get(0) >= context,
          "training.batch_tokens",
          "%s is less than one sequence, use decoder.context (%d) or more",
          text(fixed.value() * fixed.multipliers().get(0)),
          context);
    }
    for (int i = 0; i < grid.cells().size(); i++) {
      try {
        grid.cells().get(i).changes().of(training);
      } catch (KeyException e) {
        throw e.in("grid.cells[" + i + "].changes");
      }
    }
    if (training.learningRate() instanceof Hyperparameter.ByLaw tuned) {
      tuned.law().checkFor(decoder.parametrization());
    }
    long runs = runs(grid, training);
    check(
        runs <= MOST_RUNS,
        "grid",
        "its cells, with all settings and seeds, are %d runs, use at most %d",
        runs,
        MOST_RUNS);
    training
        .microBatchTokens()
        .ifPresent(
            tokens ->
                check(
                    tokens >= context,
                    "training.micro_batch_tokens",
                    "%d is less than one sequence, use decoder.context (%d) or more",
                    tokens,
                    context));
  }

  private static long runs(Grid grid, Training training) {
    if (grid.cells().isEmpty()) {
      return (long) grid.budgets().size()
          * grid.sizes().perBudget()
          * training.seeds().ofEveryCell()
          * training.learningRate().multipliers().size()
          * training.batchTokens().multipliers().size();
    }
    return grid.cells().stream()
        .mapToLong(
            cell ->
                (long) cell.seeds(training).size()
                    * cell.learningRateMultipliers(training).size()
                    * cell.batchMultipliers(training).size())
        .sum();
  }

  /** Returns the defaults around the keys that have none. */
  public static SweepConfig of(String name, List<String> files, List<Double> budgets) {
    return new SweepConfig(
        name,
        CorpusConfig.of(files),
        DecoderSection.DEFAULT,
        Grid.of(budgets),
        Training.DEFAULT,
        Evaluation.DEFAULT,
        Limits.DEFAULT);
  }

  /**
   * Reads a YAML file; keys left out get their defaults, {@code name} the file's name without its
   * extension.
   *
   * @throws BadInputException where the file cannot be read, is not YAML, or any key is unknown,
   *     repeated, missing, of the wrong type or out of range; names file, line and key
   */
  public static SweepConfig read(Path file) {
    return new ConfigReader(file, true).read();
  }

  /**
   * Reads a YAML file to tune what it is to be trained with: where it names a law, which may be the
   * one to come, it has the default rule.
   *
   * @throws BadInputException as {@link #read}
   */
  public static SweepConfig readToTune(Path file) {
    return new ConfigReader(file, false).read();
  }

  /**
   * Returns the sweep that trains these cells and no other, each with a learning rate and a batch
   * of its own, to tune this one.
   */
  public SweepConfig tuning(List<GridCell> cells) {
    return new SweepConfig(
        name + "-tuned",
        corpus,
        decoder,
        Grid.ofCells(cells),
        training.once(),
        new Evaluation(evaluation.tokens(), 0),
        limits);
  }

  /** Returns this configuration with the precision that {@code auto} comes to on a device. */
  public SweepConfig on(Precision device) {
    return with(training.with(training.precision().on(device)));
  }

  /** Returns the same with another grid. */
  public SweepConfig with(Grid other) {
    return new SweepConfig(name, corpus, decoder, other, training, evaluation, limits);
  }

  /** Returns the same, trained otherwise. */
  public SweepConfig with(Training other) {
    return new SweepConfig(name, corpus, decoder, grid, other, evaluation, limits);
  }

  /** Returns this configuration with all its cells changed. */
  public SweepConfig changed(Changes changes) {
    return with(changes.of(training));
  }

  /** Returns what goes on in a folder where another configuration of its sweep has begun. */
  public SweepConfig goingOn(SweepConfig begun) {
    return with(training.with(training.seeds().goingOn(begun.training.seeds())));
  }

  /**
   * Returns what hyperparameters are tuned with and may hang on, a part a text: {@code context 64}.
   */
  public List<String> recipe() {
    OptimizerConfig adam = training.optimizer();
    return List.of(
        training.schedule().recipe(),
        "warmup " + training.schedule().warmup().map(Checks::text).orElse("auto"),
        "context " + decoder.context(),
        "mlp " + lower(decoder.mlp()),
        "norm " + lower(decoder.norm()),
        "qk_norm " + decoder.qkNorm(),
        "tied " + decoder.tied(),
        "shapes " + shapes(),
        decoder.parametrization().recipe(),
        "tokenizer " + corpus.tokenizer(),
        "beta1 " + text(adam.beta1()),
        "beta2 " + adam.beta2().map(Checks::text).orElse("auto"),
        "weight_decay " + text(adam.weightDecay()),
        "clip_norm " + text(adam.clipNorm()));
  }

  private String shapes() {
    if (decoder.shapes().equals(Shapes.DEFAULT)) {
      return "as is customary";
    }
    if (decoder.shapes().rule().isPresent()) {
      return "by " + ConfigMapper.tree(decoder.shapes()).toString().replace("\"", "");
    }
    return "of a list ("
        + range("layers", DecoderConfig::layers)
        + range(", aspect", shape -> (double) shape.width() / shape.layers())
        + range(", head size", shape -> (double) shape.width() / shape.heads())
        + range(", mlp ratio", shape -> (double) shape.mlpWidth() / shape.width())
        + ")";
  }

  private String range(String what, ToDoubleFunction<DecoderConfig> of) {
    var all =
        decoder.ladder(DecoderSection.ANY_VOCABULARY).rungs().stream()
            .mapToDouble(of)
            .summaryStatistics();
    return what
        + " "
        + Quantities.digits(all.getMin())
        + (all.getMin() < all.getMax() ? " to " + Quantities.digits(all.getMax()) : "");
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Returns where another configuration asks for another experiment than this one. */
  public List<ConfigDifference> differences(SweepConfig other) {
    return ConfigDifference.between(this, other);
  }

  /** Returns the same, and where it repeats its cells with other seeds and settings. */
  public List<ConfigDifference> differencesWithRepeats(SweepConfig other) {
    return ConfigDifference.withRepeats(this, other);
  }

  /** Returns what of this one, which may grow, another asks for no longer, each by its key. */
  public List<String> gone(SweepConfig now) {
    return ConfigDifference.gone(this, now);
  }

  /** Returns the YAML of this configuration, defaults filled in; it reads back as an equal one. */
  public String toYaml() {
    return ConfigMapper.write(this);
  }
}
