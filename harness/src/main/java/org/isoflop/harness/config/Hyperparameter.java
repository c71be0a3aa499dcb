package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.io.IOException;
import java.util.List;

/**
 * A hyperparameter that is one number for all cells, or that a rule or a law gives each cell; and
 * what it is multiplied by, where cells are trained with several settings of it.
 */
@JsonDeserialize(using = Hyperparameter.Deserializer.class)
public sealed interface Hyperparameter {

  /** One setting, as the number or the rule has it. */
  List<Double> ONE = List.of(1.0);

  /** The keys of all there are, in the section {@code training}. */
  List<String> KEYS = List.of("learning_rate", "batch_tokens");

  /** The key that makes a section one of a number. */
  String VALUE = "value";

  /** The key that makes a section one of a law. */
  String LAW = "law";

  /** Most settings of one hyperparameter. */
  int MOST_MULTIPLIERS = 20;

  /** Least ratio of two of them. */
  double NEAREST_MULTIPLIERS = 1.01;

  /** Returns the factors of the settings that a cell is trained with, smallest first. */
  List<Double> multipliers();

  /** Returns the number; where there is a rule or a law, what it is multiplied by. */
  double scale();

  /** Returns the same with other factors. */
  Hyperparameter withMultipliers(List<Double> multipliers);

  /**
   * The same for every cell.
   *
   * @param value the number, positive
   * @param multipliers of the number, one a setting
   */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  record Fixed(double value, List<Double> multipliers) implements Hyperparameter {

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Fixed {
      multipliers = sorted(multipliers, "multipliers");
    }

    /** One setting. */
    public Fixed(double value) {
      this(value, ONE);
    }

    @Override
    public double scale() {
      return value;
    }

    @Override
    public Hyperparameter withMultipliers(List<Double> others) {
      return new Fixed(value, others);
    }

    /** Writes one setting as its number. */
    @JsonValue
    Object yaml() {
      return multipliers.equals(ONE) ? value : new Section(value, multipliers);
    }

    private record Section(double value, List<Double> multipliers) {}
  }

  /**
   * What the rule gives a cell, times a multiplier.
   *
   * @param rule which one
   * @param multiplier of what the rule gives, positive
   * @param multipliers of both, one a setting
   */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  record ByRule(Rule rule, double multiplier, List<Double> multipliers) implements Hyperparameter {

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
    public double scale() {
      return multiplier;
    }

    @Override
    public Hyperparameter withMultipliers(List<Double> others) {
      return new ByRule(rule, multiplier, others);
    }
  }

  /**
   * What a law gives a cell, times a multiplier.
   *
   * @param law the law itself, wherever it was read
   * @param multiplier of what the law gives, positive
   * @param multipliers of both, one a setting
   */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  record ByLaw(Law law, double multiplier, List<Double> multipliers) implements Hyperparameter {

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public ByLaw {
      check(law != null, LAW, "is missing, name the folder of an 'isoflop tune'");
      checkMultiplier(multiplier, "multiplier");
      multipliers = sorted(multipliers, "multipliers");
    }

    @Override
    public double scale() {
      return multiplier;
    }

    @Override
    public Hyperparameter withMultipliers(List<Double> others) {
      return new ByLaw(law, multiplier, others);
    }
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
    for (int i = 0; i < multipliers.size(); i++) {
      checkMultiplier(multipliers.get(i), key + "[" + i + "]");
      for (int j = 0; j < i; j++) {
        double ratio = multipliers.get(i) / multipliers.get(j);
        check(
            Math.max(ratio, 1 / ratio) >= NEAREST_MULTIPLIERS,
            key + "[" + i + "]",
            "%s is within a hundredth of %s; settings so near are one",
            text(multipliers.get(i)),
            text(multipliers.get(j)));
      }
    }
    return multipliers.stream().sorted().toList();
  }

  private static void checkMultiplier(double multiplier, String key) {
    check(
        multiplier > 0 && multiplier <= 1e3,
        key,
        "%s is out of range, use more than 0 and at most 1000",
        text(multiplier));
  }

  /** Tells a number from a section, and a section of a number or a law from one of a rule. */
  final class Deserializer extends JsonDeserializer<Hyperparameter> {

    @Override
    public Hyperparameter deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.readValueAsTree();
      if (!node.isObject()) {
        return new Fixed(context.readTreeAsValue(node, Double.class));
      }
      Class<? extends Hyperparameter> kind =
          node.has(VALUE) ? Fixed.class : node.has(LAW) ? ByLaw.class : ByRule.class;
      return context.readTreeAsValue(node, kind);
    }
  }
}
