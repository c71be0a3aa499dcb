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

/** A hyperparameter that is one number for all cells, or that a rule gives each cell. */
@JsonDeserialize(using = Hyperparameter.Deserializer.class)
public sealed interface Hyperparameter {

  /**
   * The same for every cell.
   *
   * @param value the number, positive
   */
  record Fixed(@JsonValue double value) implements Hyperparameter {}

  /**
   * What the rule gives a cell, times a multiplier.
   *
   * @param rule which one
   * @param multiplier of what the rule gives, positive
   */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  record ByRule(Rule rule, double multiplier) implements Hyperparameter {

    /** The rule that reaches down to small budgets, as it stands. */
    public static final ByRule DEFAULT = new ByRule(Rule.AUTO, 1);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public ByRule {
      check(
          multiplier > 0 && multiplier <= 1e3,
          "multiplier",
          "%s is out of range, use more than 0 and at most 1000",
          text(multiplier));
    }
  }

  /** Tells a number from a section. */
  final class Deserializer extends JsonDeserializer<Hyperparameter> {

    @Override
    public Hyperparameter deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.readValueAsTree();
      return node.isObject()
          ? context.readTreeAsValue(node, ByRule.class)
          : new Fixed(context.readTreeAsValue(node, Double.class));
    }
  }
}
