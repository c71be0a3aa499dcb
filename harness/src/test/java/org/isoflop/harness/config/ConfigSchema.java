package org.isoflop.harness.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON Schema of a configuration: its keys are those of the records, its words those that stand
 * above each key in {@code configs/smoke.yaml}, its defaults those of a configuration that says
 * nothing. What a key may be besides a record is said here, since what reads it is code.
 */
final class ConfigSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String PROPERTIES = "properties";
  private static final String ANY_OF = "anyOf";

  /** A key of a YAML file, or one that is commented out, which prose may look like. */
  private static final Pattern KEY = Pattern.compile("( *)(# )?([a-z][a-z0-9_]*):( .*)?");

  private static final Pattern COMMENT = Pattern.compile(" *# ?(.*)");

  private ConfigSchema() {}

  /**
   * Returns the schema, draft 7, with no references in it.
   *
   * @param annotated the lines of a configuration that has words above every key
   */
  static ObjectNode of(List<String> annotated) {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "A sweep of isoflop");
    schema.setAll(section(SweepConfig.class, "corpus", "grid"));
    Map<String, String> words = words(annotated, schema);
    JsonNode defaults = ConfigMapper.tree(SweepConfig.of("name", List.of("file"), List.of(1.0)));
    annotate(schema, "", words, defaults);
    return schema;
  }

  /** Returns what a key may be; where one of several, the section that says most comes last. */
  private static ObjectNode of(Type type) {
    if (type instanceof ParameterizedType generic) {
      ObjectNode of = of(generic.getActualTypeArguments()[0]);
      return generic.getRawType() == Optional.class ? oneOf(words("auto"), of) : listOf(of);
    }
    if (type == CorpusConfig.class) {
      return corpus();
    } else if (type == Shapes.class) {
      return oneOf(
          section(Shapes.ByRule.class),
          notEmpty(listOf(section(Shapes.Shape.class, "layers", "width"))));
    } else if (type == Parametrization.class || type == ScheduleConfig.class) {
      return kinds((Class<?>) type);
    } else if (type == Grid.class) {
      return grid();
    } else if (type == Expected.class) {
      return oneOf(section(Expected.TokensPerParam.class), section(Expected.Earlier.class, "from"));
    } else if (type == Changes.class) {
      return numbers(Changes.BETA2, Changes.WARMUP, Changes.WEIGHT_DECAY);
    } else if (type == Hyperparameter.class) {
      return oneOf(
          of(double.class),
          section(Hyperparameter.ByRule.class),
          section(Hyperparameter.Fixed.class, Hyperparameter.VALUE),
          section(Hyperparameter.ByLaw.class, Hyperparameter.LAW));
    } else if (type == Law.class) {
      return oneOf(
          of(String.class),
          section(Law.class, "factor", "params_exponent", "tokens_exponent", "params", "tokens"));
    } else if (type == Sharing.class) {
      return oneOf(of(Sharing.Kind.class), section(Sharing.class));
    } else if (type == Sharing.Verify.class) {
      return oneOf(of(int.class), listOf(of(String.class)));
    } else if (type == Control.class) {
      return oneOf(words("auto", "none"), of(double.class));
    } else if (type == Seeds.class) {
      return oneOf(words("auto"), of(int.class), section(Seeds.Section.class, "auto"));
    }
    return plain((Class<?>) type);
  }

  private static ObjectNode plain(Class<?> type) {
    if (type.isEnum()) {
      return words(
          Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
              .toArray(String[]::new));
    }
    if (type.isRecord()) {
      return section(type);
    }
    return JSON.objectNode()
        .put(
            "type",
            type == String.class
                ? "string"
                : type == boolean.class
                    ? "boolean"
                    : type == double.class || type == Double.class ? "number" : whole(type));
  }

  private static String whole(Class<?> type) {
    List<Class<?>> wholes =
        List.of(
            int.class,
            long.class,
            Integer.class,
            Long.class,
            OptionalInt.class,
            OptionalLong.class);
    if (!wholes.contains(type)) {
      throw new IllegalArgumentException("say here what YAML a " + type + " is");
    }
    return "integer";
  }

  /** Returns the section of a record's components. */
  private static ObjectNode section(Class<?> type, String... required) {
    ObjectNode properties = JSON.objectNode();
    for (RecordComponent component : type.getRecordComponents()) {
      JsonProperty name = component.getAccessor().getAnnotation(JsonProperty.class);
      properties.set(
          name == null ? SnakeCaseStrategy.INSTANCE.translate(component.getName()) : name.value(),
          of(component.getGenericType()));
    }
    return section(properties, required);
  }

  private static ObjectNode section(ObjectNode properties, String... required) {
    ObjectNode section = JSON.objectNode().put("type", "object");
    section.set(PROPERTIES, properties);
    section.put("additionalProperties", false);
    if (required.length > 0) {
      ArrayNode names = section.putArray("required");
      Arrays.stream(required).forEach(names::add);
    }
    return section;
  }

  /** Returns the sections that their {@code kind} tells apart; the first of them needs none. */
  private static ObjectNode kinds(Class<?> union) {
    List<ObjectNode> forms = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (JsonSubTypes.Type kind : union.getAnnotation(JsonSubTypes.class).value()) {
      ObjectNode properties = JSON.objectNode();
      properties.set("kind", words(kind.name()));
      properties.setAll((ObjectNode) section(kind.value()).get(PROPERTIES));
      forms.add(section(properties, forms.isEmpty() ? new String[0] : new String[] {"kind"}));
      names.add(kind.name());
    }
    if (union == Parametrization.class) {
      forms.add(0, words(names.toArray(String[]::new)));
    }
    return oneOf(forms.toArray(ObjectNode[]::new));
  }

  private static ObjectNode corpus() {
    ObjectNode corpus = section(CorpusConfig.class);
    ObjectNode properties = (ObjectNode) corpus.get(PROPERTIES);
    String[] names = CorpusConfig.TOKENIZERS.stream().sorted().toArray(String[]::new);
    properties.set("tokenizer", oneOf(words(names), of(String.class).put("pattern", "\\.json$")));
    notEmpty(properties.get("files"));
    notEmpty(properties.get("include"));
    ArrayNode either = corpus.putArray(ANY_OF);
    for (String key : List.of("files", TokenizedCorpus.KEY)) {
      either.addObject().putArray("required").add(key);
    }
    return corpus;
  }

  private static ObjectNode notEmpty(JsonNode list) {
    return ((ObjectNode) list).put("minItems", 1);
  }

  /** Returns cells, or all the rest. */
  private static ObjectNode grid() {
    ObjectNode properties = (ObjectNode) section(Grid.class).get(PROPERTIES);
    ObjectNode cells = JSON.objectNode();
    cells.set("cells", notEmpty(listOf(section(GridCell.class, "budget", "params"))));
    properties.remove("cells");
    properties.set(
        "budgets",
        oneOf(
            notEmpty(properties.get("budgets")),
            section(BudgetsDeserializer.Range.class, "from", "to", "ratio")));
    return oneOf(section(properties, "budgets"), section(cells, "cells"));
  }

  private static ObjectNode numbers(String... keys) {
    ObjectNode properties = JSON.objectNode();
    Arrays.stream(keys).forEach(key -> properties.set(key, of(double.class)));
    return section(properties);
  }

  private static ObjectNode words(String... words) {
    ObjectNode node = JSON.objectNode();
    ArrayNode choices = node.putArray("enum");
    Arrays.stream(words).forEach(choices::add);
    return node;
  }

  private static ObjectNode listOf(ObjectNode item) {
    ObjectNode list = JSON.objectNode().put("type", "array");
    list.set("items", item);
    return list;
  }

  private static ObjectNode oneOf(ObjectNode... forms) {
    ObjectNode node = JSON.objectNode();
    node.putArray(ANY_OF).addAll(List.of(forms));
    return node;
  }

  /**
   * Reads the comment above every key that a schema knows, live or commented out, by the key's
   * path. A line of it that is set in begins a line of its own.
   */
  private static Map<String, String> words(List<String> lines, ObjectNode schema) {
    Set<String> known = keys(schema).keySet();
    Map<String, String> words = new TreeMap<>();
    NavigableMap<Integer, String> sections = new TreeMap<>();
    StringBuilder comment = new StringBuilder();
    for (String line : lines) {
      Matcher key = KEY.matcher(line);
      Matcher prose = COMMENT.matcher(line);
      Optional<String> path =
          key.matches()
              ? path(sections, key.group(1).length(), key.group(3), known)
              : Optional.empty();
      if (path.isPresent()) {
        if (comment.length() > 0) {
          words.merge(path.get(), comment.toString(), (one, more) -> one + " " + more);
        }
        comment.setLength(0);
      } else if (prose.matches()) {
        String text = prose.group(1);
        if (comment.length() > 0) {
          comment.append(text.startsWith(" ") ? '\n' : ' ');
        }
        comment.append(text.strip());
      } else {
        comment.setLength(0);
      }
    }
    return words;
  }

  /** Returns the path of a key that is set in so far, if there is one; it opens a section. */
  private static Optional<String> path(
      NavigableMap<Integer, String> sections, int indent, String key, Set<String> known) {
    Map.Entry<Integer, String> parent = sections.lowerEntry(indent);
    List<String> paths =
        parent == null
            ? List.of(key)
            : List.of(parent.getValue() + "." + key, parent.getValue() + "[]." + key);
    Optional<String> path = paths.stream().filter(known::contains).findFirst();
    path.ifPresent(
        found -> {
          sections.tailMap(indent, true).clear();
          sections.put(indent, found);
        });
    return path;
  }

  /**
   * Returns what a schema says of each key by its path, which has brackets where the key is of a
   * list's items; of a key of several sections, what it says in the first.
   */
  static Map<String, JsonNode> keys(JsonNode schema) {
    Map<String, JsonNode> keys = new LinkedHashMap<>();
    collect(schema, "", keys);
    return keys;
  }

  private static void collect(JsonNode schema, String path, Map<String, JsonNode> keys) {
    schema.path(ANY_OF).forEach(form -> collect(form, path, keys));
    if (schema.has("items")) {
      collect(schema.get("items"), path + "[]", keys);
    }
    for (Map.Entry<String, JsonNode> entry : schema.path(PROPERTIES).properties()) {
      String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      keys.putIfAbsent(key, entry.getValue());
      collect(entry.getValue(), key, keys);
    }
  }

  private static void annotate(
      JsonNode schema, String path, Map<String, String> words, JsonNode defaults) {
    schema.path(ANY_OF).forEach(form -> annotate(form, path, words, defaults));
    if (schema.has("items")) {
      annotate(schema.get("items"), path + "[]", words, JSON.missingNode());
    }
    for (Map.Entry<String, JsonNode> entry : schema.path(PROPERTIES).properties()) {
      String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      JsonNode value = defaults.path(entry.getKey());
      annotate(entry.getValue(), key, words, value);
      ObjectNode property = JSON.objectNode();
      // The two hyperparameters have one section, which is described once.
      Optional.ofNullable(words.get(key))
          .or(() -> Optional.ofNullable(words.get(key.replace("batch_tokens.", "learning_rate."))))
          .ifPresent(found -> property.put("description", found));
      if (value.isValueNode() && !path.isEmpty() && isOneOf(value, entry.getValue())) {
        property.set(
            "default",
            value.doubleValue() == value.longValue() && value.isNumber()
                ? JSON.numberNode(value.longValue())
                : value);
      }
      entry.setValue(property.setAll((ObjectNode) entry.getValue()));
    }
  }

  private static boolean isOneOf(JsonNode value, JsonNode property) {
    List<JsonNode> choices = new ArrayList<>();
    property.path("enum").forEach(choices::add);
    return choices.isEmpty() || choices.contains(value);
  }
}
