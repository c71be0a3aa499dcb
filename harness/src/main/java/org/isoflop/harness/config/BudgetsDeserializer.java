package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Reads budgets from a list of numbers, or from the two ends and the ratio of a geometric row. */
final class BudgetsDeserializer extends JsonDeserializer<List<Double>> {

  @Override
  public List<Double> deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    JsonNode node = parser.readValueAsTree();
    if (node.isObject()) {
      return context.readTreeAsValue(node, Range.class).budgets();
    }
    if (!node.isArray()) {
      throw MismatchedInputException.from(parser, List.class, "neither a list nor a range");
    }
    return List.of(context.readTreeAsValue(node, Double[].class));
  }

  /** Both ends are budgets, the upper one where the ratio meets it. */
  record Range(Double from, Double to, Double ratio) {

    /** Digits a budget is rounded to; a job's name shows all of them. */
    private static final MathContext DIGITS = new MathContext(3);

    /** What a ratio such as 3.16, written for the root of 10, may miss the upper end by. */
    private static final double SLACK = 0.01;

    Range {
      check(from != null, "from", "is missing, use the smallest budget in FLOPs");
      check(to != null, "to", "is missing, use the largest budget in FLOPs");
      check(ratio != null, "ratio", "is missing, use the ratio of neighbouring budgets, such as 2");
      Grid.checkFlops(from, "from");
      Grid.checkFlops(to, "to");
      check(to >= from, "to", "%s is less than from (%s)", text(to), text(from));
      check(
          ratio >= Grid.SMALLEST_RATIO && ratio <= 1e6,
          "ratio",
          "%s is out of range, use 1.1 to 1e6 (2 to 3.2 is customary)",
          text(ratio));
    }

    List<Double> budgets() {
      long steps = (long) Math.floor(Math.log(to / from) / Math.log(ratio) + SLACK);
      List<Double> budgets = new ArrayList<>();
      for (int i = 0; i <= steps; i++) {
        budgets.add(new BigDecimal(from * Math.pow(ratio, i)).round(DIGITS).doubleValue());
      }
      return budgets;
    }
  }
}
