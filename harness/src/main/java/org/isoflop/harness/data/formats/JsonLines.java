package org.isoflop.harness.data.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;

/**
 * JSON objects, each a document whose text is one of its fields: one a line, as JSON Lines has
 * them, or in one array.
 *
 * @param field name of the field; dots lead into objects, {@code a.b} where no field is called so
 */
record JsonLines(String field) implements DocumentSource {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes them
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(TextCutter.LONGEST_DOCUMENT).build())
          .build();

  @Override
  public String words() {
    return "JSON Lines, where each line is one";
  }

  /** By name, or where the first bytes are an object on a line of its own and another's begin. */
  @Override
  public boolean takes(Content content) {
    if (content.isNamed(".jsonl", ".ndjson")) {
      return true;
    }
    String text = new String(content.head(), StandardCharsets.ISO_8859_1).stripLeading();
    if (content.isNamed(".json") && text.startsWith("[")) {
      return text.substring(1).stripLeading().startsWith("{");
    }
    if (!text.startsWith("{\"")) {
      return false;
    }
    String[] lines = text.split("\\R", 3);
    return lines.length > 1 && lines[0].stripTrailing().endsWith("}") && lines[1].startsWith("{\"");
  }

  @Override
  public void read(Content content, DocumentReader.Documents documents) throws IOException {
    try (JsonParser json = JSON.createParser(content.text())) {
      JsonToken token = json.nextToken();
      boolean inArray = token == JsonToken.START_ARRAY;
      if (inArray) {
        token = json.nextToken();
      }
      while (token != null && !(inArray && token == JsonToken.END_ARRAY)) {
        DocumentReader.hand(TextCutter.document(object(json)), documents);
        token = json.nextToken();
      }
      if (inArray && json.nextToken() != null) {
        throw new Malformed(json, "goes on after the end of its array");
      }
    } catch (Malformed e) {
      throw BadInputException.of("%s, %s", content.place(), e.getMessage());
    } catch (JsonProcessingException e) {
      throw BadInputException.of(
          "%s, line %d: is not well-formed JSON (%s); a whole object on each line would do",
          content.place(), e.getLocation().getLineNr(), e.getOriginalMessage());
    }
  }

  /** Something that is JSON, but not what is wanted. */
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(JsonParser json, String found) {
      super("line " + json.currentTokenLocation().getLineNr() + ": " + found);
    }
  }

  /** Returns the text of the object that begins here, and goes to its end. */
  private byte[] object(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new Malformed(
          json, "is " + shown(json) + "; an object with the text in a field would do");
    }
    List<String> names = new ArrayList<>();
    Optional<byte[]> text = find(field, json, names);
    if (text.isEmpty()) {
      throw new Malformed(
          json,
          "no field '%s' (but %s); corpus.text names the one that holds the text"
              .formatted(field, names.isEmpty() ? "none" : String.join(", ", names)));
    }
    return text.get();
  }

  /**
   * Looks for a field and goes to the end of the object.
   *
   * @param names is given the names of all fields
   */
  private Optional<byte[]> find(String wanted, JsonParser json, List<String> names)
      throws IOException {
    Optional<byte[]> found = Optional.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      names.add(name);
      JsonToken value = json.nextToken();
      Optional<byte[]> here = Optional.empty();
      if (name.equals(wanted)) {
        here = Optional.of(text(json));
      } else if (value == JsonToken.START_OBJECT && wanted.startsWith(name + ".")) {
        here = find(wanted.substring(name.length() + 1), json, new ArrayList<>());
      } else {
        json.skipChildren();
      }
      if (here.isPresent() && found.isPresent()) {
        throw new Malformed(json, "two fields '" + field + "'; one would do");
      }
      found = here.isPresent() ? here : found;
    }
    return found;
  }

  private byte[] text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return new byte[0];
    }
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Malformed(json, "field '%s' is %s; a text would do".formatted(field, shown(json)));
    }
    CharBuffer text =
        CharBuffer.wrap(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(text);
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new Malformed(
          json,
          "field '%s' has half of a surrogate pair, no character; U+FFFD in its place would do"
              .formatted(field));
    }
  }

  private static String shown(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a text";
      default -> json.getText();
    };
  }
}
