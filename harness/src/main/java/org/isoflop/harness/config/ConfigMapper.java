package org.isoflop.harness.config;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Jackson as the configuration needs it: snake case, nothing guessed, numbers such as 3e10. What a
 * section leaves out is as the constant {@code DEFAULT} of its record has it; a section that says
 * no more than its kind may be that word, and one that does not say it is of the first; an {@link
 * Optional} that is empty is {@code auto}.
 */
final class ConfigMapper {

  private static final String KIND = "kind";
  private static final String AUTO = "auto";

  private static final YAMLMapper READER =
      YAMLMapper.builder(YAMLFactory.builder().stringQuotingChecker(new PlainWords()).build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual, // a bare 2024 or true is a slip more often than a name
              texts ->
                  texts
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
          .addModule(new Jdk8Module())
          .addModule(forms())
          .build();

  private static final YAMLMapper WRITER = READER.copy();

  static {
    JsonSerializer<Double> doubles =
        new JsonSerializer<>() {
          @Override
          public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeNumber(Checks.text(value));
          }
        };
    WRITER.registerModule(
        new SimpleModule("numbers")
            .addSerializer(double.class, doubles)
            .addSerializer(Double.class, doubles));
  }

  private ConfigMapper() {}

  static JsonNode tree(String yaml) throws JsonProcessingException {
    return READER.readTree(yaml);
  }

  static ObjectNode tree(Object value) {
    return READER.valueToTree(value);
  }

  static JsonParser parser(String yaml) throws IOException {
    return READER.createParser(yaml);
  }

  static <T> T bind(JsonNode tree, Class<T> type) throws JsonProcessingException {
    return READER.treeToValue(tree, type);
  }

  /**
   * Returns a list; what is none is refused as that, which Jackson's arrays do not do of a text.
   */
  static <T> List<T> bindList(JsonNode tree, Class<T> type) throws JsonProcessingException {
    return READER.treeToValue(
        tree, READER.getTypeFactory().constructCollectionType(List.class, type));
  }

  /** Returns a scalar; one of another type is refused as none of a union that it is one form of. */
  static <T> T bindOr(JsonNode tree, Class<T> type, Class<?> union) throws JsonProcessingException {
    try {
      return bind(tree, type);
    } catch (MismatchedInputException e) {
      throw MismatchedInputException.from((JsonParser) null, union, e.getOriginalMessage());
    }
  }

  static String write(SweepConfig config) {
    try {
      return WRITER.writeValueAsString(config);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a configuration that cannot be written", e);
    }
  }

  /** Adds what a section leaves out; a section that is left out is an empty one. */
  static void fillIn(ObjectNode section, ObjectNode usual) {
    usual
        .properties()
        .forEach(
            entry -> {
              if (!section.has(entry.getKey())) {
                boolean inner = entry.getValue().isObject();
                section.set(entry.getKey(), inner ? READER.createObjectNode() : entry.getValue());
              }
            });
  }

  /** Returns a value on one line, its texts as they are to be spelt. */
  static String flow(JsonNode value, UnaryOperator<String> texts) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(entry -> entry.getKey() + ": " + flow(entry.getValue(), texts))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(item -> flow(item, texts))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return value.isTextual()
        ? texts.apply(value.textValue())
        : value.isNumber() ? Checks.text(value.doubleValue()) : value.asText();
  }

  /** Returns whether a text needs no quotes: no YAML reader takes it for anything else. */
  static boolean isWord(String text) {
    return !new PlainWords().needToQuoteValue(text);
  }

  private static SimpleModule forms() {
    NumberReader<Double> doubles = new NumberReader<>(Double.class, ConfigMapper::finite);
    NumberReader<Long> longs = new NumberReader<>(Long.class, BigDecimal::longValueExact);
    NumberReader<Integer> ints = new NumberReader<>(Integer.class, BigDecimal::intValueExact);
    return new SimpleModule("forms")
        .addDeserializer(double.class, doubles)
        .addDeserializer(Double.class, doubles)
        .addDeserializer(long.class, longs)
        .addDeserializer(Long.class, longs)
        .addDeserializer(int.class, ints)
        .addDeserializer(Integer.class, ints)
        .addDeserializer(Optional.class, new AutoReader(null))
        .addSerializer(Optional.class, new AutoWriter())
        .setDeserializerModifier(
            new BeanDeserializerModifier() {
              private static final long serialVersionUID = 1L;

              @Override
              public JsonDeserializer<?> modifyDeserializer(
                  DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> reader) {
                Class<?> type = bean.getBeanClass();
                return type.isRecord() || type.isAnnotationPresent(JsonTypeInfo.class)
                    ? new SectionReader(reader, type)
                    : reader;
              }
            });
  }

  private static double finite(BigDecimal number) {
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      throw new ArithmeticException("beyond double precision");
    }
    return value;
  }

  /** Completes a section before its record is made of it. */
  private static final class SectionReader extends DelegatingDeserializer {

    private static final long serialVersionUID = 1L;

    private final Class<?> type;

    SectionReader(JsonDeserializer<?> reader, Class<?> type) {
      super(reader);
      this.type = type;
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> reader) {
      return new SectionReader(reader, type);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return super.deserialize(section(parser, context), context);
    }

    @Override
    public Object deserializeWithType(
        JsonParser parser, DeserializationContext context, TypeDeserializer kinds)
        throws IOException {
      return super.deserializeWithType(section(parser, context), context, kinds);
    }

    private JsonParser section(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = context.readTree(parser);
      boolean union = type.isAnnotationPresent(JsonTypeInfo.class);
      if (node.isTextual() && (union || isKindItsOwn(type))) {
        node = READER.createObjectNode().set(KIND, node);
      }
      if (node instanceof ObjectNode section) {
        usual(type).ifPresent(usual -> fillIn(section, usual));
        if (union && !section.has(KIND)) {
          section.put(KIND, ConfigProblem.kinds(type).keySet().iterator().next());
        }
      }
      JsonParser completed = node.traverse(parser.getCodec());
      completed.nextToken();
      return completed;
    }
  }

  private static boolean isKindItsOwn(Class<?> type) {
    return type.isRecord()
        && Arrays.stream(type.getRecordComponents()).anyMatch(c -> c.getName().equals(KIND));
  }

  /** Returns the defaults of a section, where its record has any. */
  static Optional<ObjectNode> usual(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> field.getName().equals("DEFAULT") && field.getType() == type)
        .findFirst()
        .map(
            field -> {
              try {
                ObjectNode usual = tree(field.get(null));
                return isKindItsOwn(type) ? usual : usual.without(KIND);
              } catch (IllegalAccessException e) {
                throw new IllegalStateException("DEFAULT is no secret of " + type, e);
              }
            });
  }

  /** Numbers also from texts: to YAML 1.1, 3e10 is one. */
  private static final class NumberReader<T> extends JsonDeserializer<T> {

    private static final int LONGEST = 64;

    private final Class<T> type;
    private final Function<BigDecimal, T> exact;

    NumberReader(Class<T> type, Function<BigDecimal, T> exact) {
      this.type = type;
      this.exact = exact;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      JsonNode node = parser.readValueAsTree();
      if ((node.isNumber() || node.isTextual()) && node.asText().length() <= LONGEST) {
        try {
          BigDecimal number = new BigDecimal(node.asText());
          // Bounded before it is written out as digits.
          if (Math.abs((long) number.precision() - number.scale()) <= 400) {
            return exact.apply(number);
          }
        } catch (ArithmeticException | NumberFormatException e) {
          // Not a number, or not one of that type; refused below.
        }
      }
      throw MismatchedInputException.from(parser, type, "not a number of that type");
    }
  }

  /** Writes what is left to isoflop as a word. */
  @SuppressWarnings("rawtypes")
  private static final class AutoWriter extends JsonSerializer<Optional> {

    @Override
    public void serialize(Optional value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      provider.defaultSerializeValue(value.isPresent() ? value.get() : AUTO, out);
    }
  }

  /** Reads that word as nothing, and no key at all. */
  @SuppressWarnings("rawtypes")
  private static final class AutoReader extends JsonDeserializer<Optional>
      implements ContextualDeserializer {

    private final JavaType type;

    AutoReader(JavaType type) {
      this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, BeanProperty property) {
      return new AutoReader(property.getType().containedType(0));
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return Optional.empty();
    }

    @Override
    public Optional<?> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.readValueAsTree();
      return AUTO.equals(node.textValue())
          ? Optional.empty()
          : Optional.of(context.readTreeAsValue(node, type));
    }
  }

  /** Leaves only words unquoted, which no YAML reader takes for anything else. */
  private static final class PlainWords extends StringQuotingChecker.Default {

    private static final long serialVersionUID = 1L;
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    @Override
    public boolean needToQuoteValue(String value) {
      return !WORD.matcher(value).matches() || super.needToQuoteValue(value);
    }
  }
}
