package org.isoflop.harness.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import org.isoflop.harness.analysis.Interval;

/**
 * The numbers behind the page as one JSON document: what its figures are drawn from, and what
 * anybody can take out of a saved report again.
 *
 * <p>Field names are those of the records in snake case; an interval is {@code [low, high]}, a
 * sample of a training curve {@code [tokens, loss]}, an absent value {@code null}.
 */
final class ReportData {

  /** Reads back what it writes. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addMixIn(Interval.class, IntervalPair.class)
          .addMixIn(TrainingCurve.Sample.class, SamplePair.class)
          .build();

  private ReportData() {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"low", "high"})
  private interface IntervalPair {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"tokens", "loss"})
  private interface SamplePair {}

  /**
   * Returns the JSON in a form that is safe inside a {@code <script>} element: no character in it
   * can end the element or open a comment. (Outside strings JSON has none of these characters.)
   */
  static String inScript(ReportInput input) {
    try {
      return JSON.writeValueAsString(input)
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
