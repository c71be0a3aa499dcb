package org.isoflop.harness.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.isoflop.harness.data.formats.DocumentReader;
import org.isoflop.harness.data.tokenizers.Tokenizers;

/**
 * The JSON Schema of a configuration: its keys are those of the records, with their {@link Words}
 * and defaults. What a key may be besides a record is said here, since what reads it is code.
 */
final class ConfigSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String PROPERTIES = "properties";
  private static final String ANY_OF = "anyOf";

  private ConfigSchema() {}

  /** Returns the schema, draft 7, with no references in it. */
  static ObjectNode schema() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "A sweep of isoflop");
    return schema.setAll(section(SweepConfig.class, "corpus", "grid"));
  }

  /** Returns what a key may be; where one of several, the section that says most comes last. */
  private static ObjectNode of(Type type) {
    if (type instanceof ParameterizedType generic) {
      ObjectNode of = of(generic.getActualTypeArguments()[0]);
      return generic.getRawType() == Optional.class ? oneOf(words("auto"), of) : listOf(of);
    }
    Class<?> kind = (Class<?>) type;
    if (kind.isAnnotationPresent(JsonTypeInfo.class)) {
      return kinds(kind);
    } else if (type == CorpusConfig.class) {
      return corpus();
    } else if (type == Shapes.class) {
      return oneOf(
          section(Shapes.ByRule.class),
          notEmpty(listOf(section(Shapes.Shape.class, "layers", "width"))));
    } else if (type == Grid.class) {
      ObjectNode named = section(Grid.Named.class, "cells");
      notEmpty(named.at("/properties/cells"));
      return oneOf(section(Grid.Spread.class, "budgets"), named);
    } else if (type == Grid.Budgets.class) {
      return oneOf(
          notEmpty(listOf(of(double.class))), section(Grid.Row.class, "from", "to", "ratio"));
    } else if (type == GridCell.class) {
      return section(GridCell.class, "budget", "params");
    } else if (type == Expected.class) {
      return oneOf(section(Expected.TokensPerParam.class), section(Expected.Earlier.class, "from"));
    } else if (type == Changes.class) {
      ObjectNode numbers = JSON.objectNode();
      for (String key : List.of(Changes.BETA2, Changes.WARMUP, Changes.WEIGHT_DECAY)) {
        numbers.set(key, of(double.class));
      }
      return section(numbers);
    } else if (type == Hyperparameter.class) {
      return oneOf(
          of(double.class),
          section(Hyperparameter.ByRule.class),
          section(Hyperparameter.Fixed.class, Hyperparameter.VALUE),
          section(Hyperparameter.ByLaw.class, Law.KEY));
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
    return plain(kind);
  }

  private static ObjectNode plain(Class<?> type) {
    if (type.isEnum()) {
      return words(
          Arrays.stream(type.getEnumConstants()).map(ConfigSchema::lower).toArray(String[]::new));
    }
    if (type.isRecord()) {
      return section(type);
    }
    String name =
        Map.of(
                String.class, "string",
                boolean.class, "boolean",
                double.class, "number",
                Double.class, "number",
                int.class, "integer",
                Integer.class, "integer",
                long.class, "integer",
                OptionalInt.class, "integer",
                OptionalLong.class, "integer")
            .get(type);
    if (name == null) {
      throw new IllegalArgumentException("say here what YAML a " + type + " is");
    }
    return JSON.objectNode().put("type", name);
  }

  private static String lower(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  /** Returns the section of a record's components. */
  private static ObjectNode section(Class<?> type, String... required) {
    ObjectNode usual =
        type == CorpusConfig.class
            ? ConfigMapper.tree(CorpusConfig.of(List.of("any")))
            : ConfigMapper.usual(type).orElse(JSON.objectNode());
    ObjectNode properties = JSON.objectNode();
    for (RecordComponent component : type.getRecordComponents()) {
      JsonProperty name = component.getAccessor().getAnnotation(JsonProperty.class);
      String key =
          name == null ? SnakeCaseStrategy.INSTANCE.translate(component.getName()) : name.value();
      properties.set(key, property(component, of(component.getGenericType()), usual.path(key)));
    }
    return section(properties, required);
  }

  /** Returns what a key may be below what it means. */
  private static ObjectNode property(RecordComponent component, ObjectNode form, JsonNode usual) {
    ObjectNode property = JSON.objectNode();
    Words words = component.getAnnotation(Words.class);
    if (words != null) {
      String listed =
          words
              .value()
              .replace("{formats}", DocumentReader.words())
              .replace("{tokenizers}", Tokenizers.words());
      property.put("description", listed + choices(component.getType()));
      if (!words.example().isEmpty()) {
        try {
          property.putArray("examples").add(ConfigMapper.tree(words.example()));
        } catch (JsonProcessingException e) {
          throw new IllegalArgumentException(component + " has no YAML for its example", e);
        }
      }
    }
    boolean known = !form.has("enum") || values(form).contains(usual.asText());
    if (usual.isValueNode() && known) {
      boolean whole = usual.isNumber() && usual.doubleValue() == usual.longValue();
      property.set("default", whole ? JSON.numberNode(usual.longValue()) : usual);
    }
    return property.setAll(form);
  }

  private static List<String> values(ObjectNode form) {
    List<String> values = new ArrayList<>();
    form.path("enum").forEach(value -> values.add(value.asText()));
    return values;
  }

  /** Returns the words of each choice that has some, a line each. */
  private static String choices(Class<?> type) {
    StringBuilder choices = new StringBuilder();
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        try {
          String name = ((Enum<?>) constant).name();
          choice(choices, lower(constant), type.getField(name));
        } catch (NoSuchFieldException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return choices.toString();
  }

  private static void choice(StringBuilder choices, String name, AnnotatedElement choice) {
    Words words = choice.getAnnotation(Words.class);
    if (words != null) {
      choices.append('\n').append(name).append(": ").append(words.value());
    }
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
    Map<String, Class<?>> kinds = ConfigProblem.kinds(union);
    String[] names = kinds.keySet().toArray(String[]::new);
    StringBuilder words = new StringBuilder("Default: ").append(names[0]);
    kinds.forEach((name, kind) -> choice(words, name, kind));
    List<ObjectNode> forms = new ArrayList<>();
    forms.add(words(names));
    kinds.forEach(
        (name, kind) -> {
          boolean first = name.equals(names[0]);
          ObjectNode choice = JSON.objectNode().put("description", words.toString());
          ObjectNode properties = JSON.objectNode();
          properties.set(
              "kind", (first ? choice.put("default", name) : choice).setAll(words(name)));
          properties.setAll((ObjectNode) section(kind).get(PROPERTIES));
          forms.add(section(properties, first ? new String[0] : new String[] {"kind"}));
        });
    return oneOf(forms.toArray(ObjectNode[]::new));
  }

  private static ObjectNode corpus() {
    ObjectNode corpus = section(CorpusConfig.class);
    ObjectNode properties = (ObjectNode) corpus.get(PROPERTIES);
    String[] names = Tokenizers.names().stream().sorted().toArray(String[]::new);
    ObjectNode tokenizer = (ObjectNode) properties.get("tokenizer");
    tokenizer.remove("type");
    tokenizer.setAll(oneOf(words(names), of(String.class).put("pattern", "\\.json$")));
    notEmpty(properties.get("files"));
    notEmpty(properties.get("include"));
    ArrayNode either = corpus.putArray(ANY_OF);
    for (String key : List.of("files", "tokens")) {
      either.addObject().putArray("required").add(key);
    }
    return corpus;
  }

  private static ObjectNode notEmpty(JsonNode list) {
    return ((ObjectNode) list).put("minItems", 1);
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
}
