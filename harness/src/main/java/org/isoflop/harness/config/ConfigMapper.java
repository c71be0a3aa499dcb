package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Jackson as the configuration needs it: snake case, nothing guessed, numbers such as 3e10. */
final class ConfigMapper {

  private static final YAMLMapper READER =
      YAMLMapper.builder(YAMLFactory.builder().stringQuotingChecker(new PlainWords()).build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
          .addModule(strictScalars())
          .build();

  private static final YAMLMapper WRITER = READER.copy();

  static {
    WRITER.registerModule(
        new SimpleModule("numbers")
            .addSerializer(double.class, new DoubleSerializer())
            .addSerializer(Double.class, new DoubleSerializer()));
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

  static String write(SweepConfig config) {
    try {
      return WRITER.writeValueAsString(config);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a configuration that cannot be written", e);
    }
  }

  /** Returns whether a text needs no quotes: no YAML reader takes it for anything else. */
  static boolean isWord(String text) {
    return !new PlainWords().needToQuoteValue(text);
  }

  private static SimpleModule strictScalars() {
    NumberDeserializer<Double> doubles =
        new NumberDeserializer<>(Double.class, ConfigMapper::finite);
    NumberDeserializer<Long> longs =
        new NumberDeserializer<>(Long.class, BigDecimal::longValueExact);
    NumberDeserializer<Integer> ints =
        new NumberDeserializer<>(Integer.class, BigDecimal::intValueExact);
    return new SimpleModule("strict scalars")
        .addDeserializer(double.class, doubles)
        .addDeserializer(Double.class, doubles)
        .addDeserializer(long.class, longs)
        .addDeserializer(Long.class, longs)
        .addDeserializer(int.class, ints)
        .addDeserializer(Integer.class, ints)
        .addDeserializer(String.class, new TextDeserializer());
  }

  private static double finite(BigDecimal number) {
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      throw new ArithmeticException("beyond double precision");
    }
    return value;
  }

  /** Numbers also from texts: to YAML 1.1, 3e10 is one. */
  private static final class NumberDeserializer<T> extends JsonDeserializer<T> {

    private static final int LONGEST = 64;

    private final Class<T> type;
    private final Function<BigDecimal, T> exact;

    NumberDeserializer(Class<T> type, Function<BigDecimal, T> exact) {
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

  /** Texts only from texts; a bare 2024 or true is a slip more often than a name. */
  private static final class TextDeserializer extends JsonDeserializer<String> {

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.readValueAsTree();
      if (!node.isTextual()) {
        throw MismatchedInputException.from(parser, String.class, "not a text");
      }
      return node.textValue();
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

  private static final class DoubleSerializer extends JsonSerializer<Double> {

    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(Numbers.text(value));
    }
  }
}
