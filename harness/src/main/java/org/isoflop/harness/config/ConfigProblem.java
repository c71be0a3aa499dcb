package org.isoflop.harness.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What Jackson found wrong, in a user's words.
 *
 * @param key the key's path, such as {@code grid.sizes.per_budget}
 * @param text what was found and what would do
 */
record ConfigProblem(String key, String text) {

  private static final String SECTION = "a section of 'key: value' lines";

  static ConfigProblem of(JsonMappingException e, JsonNode tree) {
    String key = key(e.getPath());
    if (e instanceof UnrecognizedPropertyException unknown) {
      Collection<Object> known = unknown.getKnownPropertyIds();
      return new ConfigProblem(
          key,
          // A kind may have no keys of its own.
          "is not a known key here, use " + oneOf(known.isEmpty() ? List.of("kind") : known));
    }
    if (e instanceof ValueInstantiationException
        && e.getCause() instanceof IllegalArgumentException check) {
      // A record's own check, whose message begins with the key inside the record.
      String[] parts = check.getMessage().split(": ", 2);
      if (parts.length == 2) {
        return new ConfigProblem(key.isEmpty() ? parts[0] : key + "." + parts[0], parts[1]);
      }
    }
    if (e instanceof InvalidTypeIdException unknown) {
      if (unknown.getTypeId() == null) {
        return new ConfigProblem(key, found(at(tree, e.getPath())) + ", use " + SECTION);
      }
      return new ConfigProblem(
          key.endsWith(".kind") ? key : key + ".kind",
          String.format(
              "'%s' is not a known kind, use %s",
              unknown.getTypeId(), oneOf(kinds(unknown.getBaseType().getRawClass()))));
    }
    if (e instanceof MismatchedInputException mismatch) {
      return new ConfigProblem(
          key, found(at(tree, e.getPath())) + ", use " + wanted(mismatch.getTargetType()));
    }
    throw new IllegalStateException("a failure of ours, not of the file", e);
  }

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

  /** What is wrong with the YAML, and where. */
  record Syntax(int line, String problem) {
    BadInputException in(Path file) {
      return new BadInputException(file + ":" + line + ": is not valid YAML: " + problem);
    }
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
      node =
          step.getFieldName() == null ? node.path(step.getIndex()) : node.path(step.getFieldName());
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
      return "is " + Numbers.text(node.doubleValue());
    }
    return "is " + (node.isTextual() ? "'" + node.asText() + "'" : node.asText());
  }

  private static String wanted(Class<?> type) {
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
    if (Collection.class.isAssignableFrom(type) || type.isArray()) {
      return "a list in [brackets]";
    }
    return SECTION;
  }

  private static List<String> kinds(Class<?> union) {
    return Arrays.stream(union.getAnnotation(JsonSubTypes.class).value())
        .map(JsonSubTypes.Type::name)
        .toList();
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
