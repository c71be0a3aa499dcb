package org.isoflop.harness.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.isoflop.harness.config.Checks.KeyException;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What Jackson found wrong, in a user's words. */
final class ConfigProblem {

  private static final String SECTION = "a section of 'key: value' lines";

  private ConfigProblem() {}

  /**
   * Returns the key's path, such as {@code grid.sizes.per_budget}, what was found, and what would
   * do.
   */
  static KeyException of(JsonMappingException e, JsonNode tree) {
    String key = key(e.getPath());
    if (e instanceof UnrecognizedPropertyException unknown) {
      Collection<Object> known = unknown.getKnownPropertyIds();
      return new KeyException(
          key,
          // A kind may have no keys of its own.
          "is not a known key here, use " + oneOf(known.isEmpty() ? List.of("kind") : known));
    }
    if (e instanceof ValueInstantiationException && e.getCause() instanceof KeyException check) {
      return key.isEmpty() ? check : check.in(key);
    }
    if (e instanceof InvalidTypeIdException unknown && unknown.getTypeId() != null) {
      return new KeyException(
          key.endsWith(".kind") ? key : key + ".kind",
          String.format(
              "'%s' is not a known kind, use %s",
              unknown.getTypeId(), oneOf(kinds(unknown.getBaseType().getRawClass()).keySet())));
    }
    if (e instanceof MismatchedInputException mismatch) {
      return new KeyException(
          key, found(at(tree, e.getPath())) + ", use " + wanted(mismatch.getTargetType()));
    }
    throw new IllegalStateException("a failure of ours, not of the file", e);
  }

  /** What is wrong with the YAML, and where. */
  record Syntax(int line, String problem) {}

  /** A problem of the YAML itself, whose key is not known. */
  static Syntax ofSyntax(IOException e) {
    if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
      return new Syntax(yaml.getProblemMark().getLine() + 1, yaml.getProblem());
    }
    if (e instanceof JsonProcessingException syntax) {
      JsonLocation location = syntax.getLocation();
      String problem = syntax.getOriginalMessage().lines().findFirst().orElse("");
      return new Syntax(location == null ? 1 : Math.max(1, location.getLineNr()), problem);
    }
    throw new IllegalStateException("reading a text that is in memory", e);
  }

  private static String key(List<JsonMappingException.Reference> path) {
    StringBuilder key = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      if (step.getFieldName() == null) {
        key.append('[').append(step.getIndex()).append(']');
      } else {
        key.append(key.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return key.toString();
  }

  private static JsonNode at(JsonNode tree, List<JsonMappingException.Reference> path) {
    JsonNode node = tree;
    for (JsonMappingException.Reference step : path) {
      // A kind alone may stand for its section.
      boolean alone = node.isTextual() && "kind".equals(step.getFieldName());
      node =
          step.getFieldName() == null
              ? node.path(step.getIndex())
              : alone ? node : node.path(step.getFieldName());
    }
    return node;
  }

  private static String found(JsonNode node) {
    if (node.isObject()) {
      return "is a section";
    }
    if (node.isArray()) {
      return "is a list";
    }
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return "is " + Checks.text(node.doubleValue());
    }
    return "is " + (node.isTextual() ? "'" + node.asText() + "'" : node.asText());
  }

  private static String wanted(Class<?> type) {
    if (type == null) {
      return SECTION;
    }
    if (type.isEnum()) {
      return oneOf(
          Arrays.stream(type.getEnumConstants())
              .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
              .toList());
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    if (type == Double.class) {
      return "a number";
    }
    if (type == String.class) {
      return "a text (in quotes where it looks like a number)";
    }
    if (type == Seeds.class) {
      return "a whole number, auto or {auto: 0.1}";
    }
    if (type == Control.class) {
      return "auto, none or a share such as 0.05";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list in [brackets]";
    }
    return SECTION;
  }

  /** Returns the sections that a kind tells apart, by it. */
  static Map<String, Class<?>> kinds(Class<?> union) {
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (JsonSubTypes.Type type : union.getAnnotation(JsonSubTypes.class).value()) {
      kinds.put(type.value().getAnnotation(JsonTypeName.class).value(), type.value());
    }
    return kinds;
  }

  private static String oneOf(Collection<?> choices) {
    List<String> names = choices.stream().map(Object::toString).sorted().toList();
    if (names.size() == 1) {
      return names.get(0);
    }
    return names.subList(0, names.size() - 1).stream().collect(Collectors.joining(", "))
        + " or "
        + names.get(names.size() - 1);
  }
}
