package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import java.io.IOException;
import java.util.Optional;

/** Numbers that may be left to isoflop: {@code auto} in the file, nothing in the record. */
final class Auto {

  private static final String AUTO = "auto";

  private Auto() {}

  /** Writes nothing as {@code auto}. */
  static final class Writer extends JsonSerializer<Optional<?>> {

    @Override
    public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (value.isPresent()) {
        provider.defaultSerializeValue(value.get(), out);
      } else {
        out.writeString(AUTO);
      }
    }
  }

  /** Reads {@code auto} as nothing, and no key at all. */
  static final class Reader extends JsonDeserializer<Optional<?>>
      implements ContextualDeserializer {

    private final JavaType type;

    /** Jackson makes one of these, then asks it for one of each type of number. */
    Reader() {
      this(null);
    }

    private Reader(JavaType type) {
      this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, BeanProperty property) {
      return new Reader(property.getType().containedType(0));
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
}
