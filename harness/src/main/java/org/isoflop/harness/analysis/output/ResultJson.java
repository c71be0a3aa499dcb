package org.isoflop.harness.analysis.output;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * Results as JSON: records as they are, keys in snake case; an interval as {@code [low, high]};
 * what is not there, what was refused, and what JSON has no number for as {@code null}. Where a
 * file has other keys than the records have, a {@link Row} says which.
 */
public final class ResultJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addSerializer(double.class, new FiniteNumbers())
                  .addSerializer(Double.class, new FiniteNumbers()))
          .addMixIn(Interval.class, Ends.class)
          .addMixIn(Fitted.class, Value.class)
          .build();

  private static final ObjectWriter INLINE =
      JSON.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance));

  private ResultJson() {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"low", "high"})
  private interface Ends {}

  private interface Value {
    @JsonValue
    Optional<?> value();
  }

  private static final class FiniteNumbers extends StdScalarSerializer<Double> {

    FiniteNumbers() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        to.writeNumber(value);
      } else {
        to.writeNull();
      }
    }
  }

  /** An object of a file, its keys in the order they are put. */
  public static final class Row extends LinkedHashMap<String, Object> {

    /** Puts a value. */
    public Row with(String key, Object value) {
      put(key, value);
      return this;
    }

    /** Puts an estimate as {@code key} and {@code key_interval}, the two ends of its interval. */
    public Row estimate(String key, Estimate estimate) {
      return estimate(key, Optional.of(estimate));
    }

    /** The same of one that may not be there: both keys are. */
    public Row estimate(String key, Optional<Estimate> estimate) {
      return with(key, estimate.map(Estimate::value))
          .with(key + "_interval", estimate.map(Estimate::interval));
    }

    /** Puts what another has. */
    public Row all(Map<String, ?> other) {
      putAll(other);
      return this;
    }

    /** Puts under {@code refused} why what has been put so far is null, where a fit says it. */
    public Row refused() {
      Row reasons = new Row();
      forEach(
          (key, value) -> {
            if (value instanceof Fitted<?> fit) {
              fit.refused().ifPresent(why -> reasons.put(key, why));
            }
          });
      return with("refused", reasons);
    }

    /** Returns it as a tree. */
    public ObjectNode tree() {
      return JSON.valueToTree(this);
    }
  }

  /** Returns a row each. */
  public static <T> List<Row> rows(List<T> all, Function<T, Row> row) {
    return all.stream().map(row).toList();
  }

  /**
   * Writes a row so that a person can read and compare it line by line: its keys and the rows of
   * its tables a line each, where Jackson's own layout gives every number a line and a table of
   * residuals thousands.
   */
  public static void writeLines(Row root, Writer out) throws IOException {
    write(root.tree(), 0, out);
    out.write('\n');
  }

  private static void write(JsonNode node, int depth, Writer out) throws IOException {
    if (depth > 1 || !isTable(node)) {
      out.write(INLINE.writeValueAsString(node));
      return;
    }
    out.write(node.isArray() ? '[' : '{');
    String separator = "";
    Iterator<String> names = node.fieldNames();
    for (JsonNode child : node) {
      out.write(separator + newLine(depth + 1));
      if (names.hasNext()) {
        out.write(INLINE.writeValueAsString(names.next()) + ": ");
      }
      write(child, depth + 1, out);
      separator = ",";
    }
    out.write(newLine(depth));
    out.write(node.isArray() ? ']' : '}');
  }

  private static String newLine(int depth) {
    return "\n" + "  ".repeat(depth);
  }

  private static boolean isTable(JsonNode node) {
    boolean holdsRows = false;
    for (JsonNode child : node) {
      holdsRows |= child.isContainerNode() || (node.isArray() && child.isTextual());
    }
    return holdsRows;
  }
}
