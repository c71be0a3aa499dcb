package org.isoflop.harness.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * The numbers behind the page as one JSON document: what its figures are drawn from, and what
 * anybody can take out of a saved report again.
 *
 * <p>Field names are those of the records in snake case; an interval is {@code [low, high]}, a
 * sample of a training curve {@code [tokens, loss]}, a place on the surface {@code [params,
 * tokens]}, an absent value {@code null}.
 */
final class ReportData {

  /** Reads back what it writes. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addMixIn(Interval.class, IntervalPair.class)
          .addMixIn(TrainingCurve.Sample.class, SamplePair.class)
          .addMixIn(LossSurface.Place.class, PlacePair.class)
          .build();

  private ReportData() {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"low", "high"})
  private interface IntervalPair {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"tokens", "loss"})
  private interface SamplePair {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"params", "tokens"})
  private interface PlacePair {}

  /** What a page of several sets needs of each. */
  private record Compared(String title, Analysis analysis) {}

  /** Returns everything a report shows, and the lines of its surface as {@code surface}. */
  static String inScript(ReportInput input) {
    ObjectNode root = JSON.valueToTree(input);
    root.set("surface", JSON.valueToTree(LossSurface.of(input.analysis())));
    return write(root);
  }

  /** Returns the sets of a comparison, without their training curves, and what differs. */
  static String inScript(String title, List<ReportInput> sets, List<ContrastSection> contrasts) {
    ObjectNode root = JSON.createObjectNode().put("title", title);
    root.set(
        "sets",
        JSON.valueToTree(
            sets.stream().map(set -> new Compared(set.title(), set.analysis())).toList()));
    root.set("contrasts", JSON.valueToTree(contrasts));
    return write(root);
  }

  /**
   * Returns the JSON in a form that is safe inside a {@code <script>} element: no character in it
   * can end the element or open a comment. (Outside strings JSON has none of these characters.)
   */
  private static String write(ObjectNode root) {
    try {
      return JSON.writeValueAsString(root)
          .replace("&", "\\u0026")
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the report's numbers cannot be written as JSON", e);
    }
  }
}
