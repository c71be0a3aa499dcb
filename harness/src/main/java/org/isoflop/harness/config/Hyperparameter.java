package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkEither;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.Quantities;
import org.isoflop.models.DecoderConfig;

/**
 * Peak learning rate or batch: one number for all cells, or what a rule or a law gives each cell;
 * and what it is multiplied by, where cells are trained with several settings of it.
 */
public sealed interface Hyperparameter {

  /** One setting, as the number or the rule has it. */
  List<Double> ONE = List.of(1.0);

  /** The keys of all there are, in the section {@code training}. */
  List<String> KEYS = List.of("learning_rate", "batch_tokens");

  /** The key that makes a section one of a number. */
  String VALUE = "value";

  /** Most settings of one hyperparameter. */
  int MOST_MULTIPLIERS = 20;

  /** Least ratio of two of them. */
  double NEAREST_MULTIPLIERS = 1.01;

  /** The words of every form's multipliers. */
  String MULTIPLIERS_WORDS =
      "Settings that every cell is trained with, each so many times the above, and with every"
          + " batch; the best of them, by the mean over its seeds, is the cell's loss point. May"
          + " grow later. Default: [1]";

  /** The words of the multiplier. */
  String MULTIPLIER_WORDS = "Times what the rule gives. Default: 1";

  /** Returns the factors of the settings that a cell is trained with, smallest first. */
  List<Double> multipliers();

  /** Returns the same with other factors. */
  Hyperparameter withMultipliers(List<Double> multipliers);

  /**
   * Returns the peak learning rate of a cell.
   *
   * @param batchTokens tokens per step that the cell is trained with
   */
  double learningRate(Rule.Cell cell, double batchTokens, Schedule schedule);

  /** Returns the batch of a cell, in tokens per step, not yet whole sequences. */
  double batchTokens(Rule.Cell cell);

  /**
   * Returns the cell that is asked for when it comes to the learning rate of a decoder.
   *
   * @param budget FLOPs it is trained for
   */
  default Rule.Cell rateCell(double budget, DecoderConfig decoder) {
    return Rule.Cell.of(budget, decoder);
  }

  /**
   * Returns what is suspicious about giving cells what this says of them, a sentence each.
   *
   * @param recipe of the sweep, see {@link SweepConfig#recipe}
   */
  default List<String> warnings(List<Rule.Cell> cells, List<String> recipe) {
    return List.of();
  }

  /**
   * The same for every cell.
   *
   * @param value positive
   */
  record Fixed(
      @Words(
              value =
                  "In place of a rule: the number, for a section that says more than the number.",
              example = "0.01")
          double value,
      @Words(MULTIPLIERS_WORDS) List<Double> multipliers)
      implements Hyperparameter {

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Fixed {
      multipliers = sorted(multipliers, "multipliers");
    }

    /** One setting. */
    public Fixed(double value) {
      this(value, ONE);
    }

    @Override
    public Hyperparameter withMultipliers(List<Double> others) {
      return new Fixed(value, others);
    }

    @Override
    public double learningRate(Rule.Cell cell, double batchTokens, Schedule schedule) {
      return value;
    }

    @Override
    public double batchTokens(Rule.Cell cell) {
      return value;
    }

    /** Writes one setting as its number. */
    @JsonValue
    Object yaml() {
      return multipliers.equals(ONE) ? value : new Section(value, multipliers);
    }

    private record Section(double value, List<Double> multipliers) {}
  }

  /** What the rule gives a cell, times a multiplier, which is positive. */
  record ByRule(
      @Words("A rule that gives each cell its own. Default: auto") Rule rule,
      @Words(MULTIPLIER_WORDS) double multiplier,
      @Words(MULTIPLIERS_WORDS) List<Double> multipliers)
      implements Hyperparameter {

    /** The rule that reaches down to small budgets, as it stands. */
    public static final ByRule DEFAULT = new ByRule(Rule.AUTO, 1);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public ByRule {
      checkMultiplier(multiplier, "multiplier");
      multipliers = sorted(multipliers, "multipliers");
    }

    /** One setting. */
    public ByRule(Rule rule, double multiplier) {
      this(rule, multiplier, ONE);
    }

    @Override
    public Hyperparameter withMultipliers(List<Double> others) {
      return new ByRule(rule, multiplier, others);
    }

    @Override
    public double learningRate(Rule.Cell cell, double batchTokens, Schedule schedule) {
      return multiplier * (schedule.peakOverCosines() * rule.learningRate(cell, batchTokens));
    }

    @Override
    public double batchTokens(Rule.Cell cell) {
      return multiplier * rule.batchTokens(cell);
    }

    /**
     * A rule that knows nothing of base shapes says what is best for one, trained on as many
     * tokens.
     */
    @Override
    public Rule.Cell rateCell(double budget, DecoderConfig decoder) {
      DecoderConfig base = decoder.base();
      return Rule.Cell.of(budget * (base.flopsPerToken() / decoder.flopsPerToken()), base);
    }

    @Override
    public List<String> warnings(List<Rule.Cell> cells, List<String> recipe) {
      long outside = cells.stream().filter(cell -> !rule.validated(cell)).count();
      return outside == 0
          ? List.of()
          : List.of(
              Quantities.format(
                  "%d of %d cells lie outside the range the %s rule was validated on (%s); try"
                      + " other multipliers.",
                  outside, cells.size(), rule, rule.validatedRange()));
    }
  }

  /**
   * What a law gives a cell, times a multiplier, which is positive. It was tuned with the schedule
   * and the base shape of its sweep, so that nothing is to be made of its rates.
   */
  record ByLaw(
      @Words(
              value =
                  "In place of either: the folder of 'isoflop tune', whose law was tuned with this"
                      + " very schedule and is used as it stands; or a law itself, as the sweep's"
                      + " own sweep.yaml then has it, such as {factor: 0.1, params_exponent: -0.3,"
                      + " tokens_exponent: 0, batch_exponent: 0.5, params: [5e3, 5e4], tokens:"
                      + " [1e5, 1e6]}: factor * N^params_exponent * D^tokens_exponent *"
                      + " B^batch_exponent, N total params, D tokens, B the batch in tokens. What"
                      + " is outside params and tokens, its range, the plan says.",
              example = "runs/smoke-tuned")
          Law law,
      @Words(MULTIPLIER_WORDS) double multiplier,
      @Words(MULTIPLIERS_WORDS) List<Double> multipliers)
      implements Hyperparameter {

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public ByLaw {
      checkMultiplier(multiplier, "multiplier");
      multipliers = sorted(multipliers, "multipliers");
    }

    @Override
    public Hyperparameter withMultipliers(List<Double> others) {
      return new ByLaw(law, multiplier, others);
    }

    @Override
    public double learningRate(Rule.Cell cell, double batchTokens, Schedule schedule) {
      return multiplier * law.at(cell.params(), cell.tokens(), batchTokens);
    }

    @Override
    public double batchTokens(Rule.Cell cell) {
      return multiplier * law.at(cell.params(), cell.tokens(), 1);
    }

    @Override
    public List<String> warnings(List<Rule.Cell> cells, List<String> recipe) {
      return law.warnings(cells, recipe);
    }
  }

  /** Tells a number from a section, and a section of a number or a law from one of a rule. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Hyperparameter read(JsonNode node) throws JsonProcessingException {
    if (!(node instanceof ObjectNode section)) {
      return new Fixed(ConfigMapper.bind(node, Double.class));
    }
    checkEither(section, "rule", VALUE);
    checkEither(section, "multiplier", VALUE);
    ObjectNode usual = ConfigMapper.tree(ByRule.DEFAULT);
    if (section.has(VALUE)) {
      ConfigMapper.fillIn(section, usual.without(List.of("rule", "multiplier")));
      return ConfigMapper.bind(section, Fixed.class);
    }
    if (section.has(Law.KEY)) {
      ConfigMapper.fillIn(section, usual.without("rule"));
      return ConfigMapper.bind(section, ByLaw.class);
    }
    return ConfigMapper.bind(section, ByRule.class);
  }

  /** Returns multipliers smallest first; refuses none, too many, and two that are one. */
  static List<Double> sorted(List<Double> multipliers, String key) {
    check(!multipliers.isEmpty(), key, "is an empty list, name at least one, such as 1");
    check(
        multipliers.size() <= MOST_MULTIPLIERS,
        key,
        "%d settings are too many, use at most %d",
        multipliers.size(),
        MOST_MULTIPLIERS);
    List<Double> sorted = new ArrayList<>();
    for (int i = 0; i < multipliers.size(); i++) {
      double multiplier = multipliers.get(i);
      checkMultiplier(multiplier, key + "[" + i + "]");
      for (double other : sorted) {
        check(
            Math.max(multiplier / other, other / multiplier) >= NEAREST_MULTIPLIERS,
            key + "[" + i + "]",
            "%s is within a hundredth of %s; settings so near are one",
            text(multiplier),
            text(other));
      }
      sorted.add(multiplier);
    }
    return sorted.stream().sorted().toList();
  }

  private static void checkMultiplier(double multiplier, String key) {
    checkRange(
        multiplier > 0 && multiplier <= 1e3, key, multiplier, "more than 0 and at most 1000");
  }
}
