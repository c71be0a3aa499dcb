package org.isoflop.harness.analysis.points;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isoflop.harness.BadInputException;

/**
 * JSON objects, one after the other or in an array, as the rows of a table; nested keys get dots.
 */
final class JsonTable {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private JsonTable() {}

  /** Returns whether a text is JSON rather than a table of cells. */
  static boolean is(String text) {
    String start = text.stripLeading();
    return start.startsWith("{") || start.startsWith("[");
  }

  /**
   * Reads all objects; a key that one of them lacks is an empty cell there.
   *
   * @throws BadInputException if the text is not JSON objects
   */
  static CsvTable read(Path file, String text) {
    List<Map<String, String>> rows = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        parser.clearCurrentToken(); // so that its elements are the values
      }
      MappingIterator<JsonNode> nodes = JSON.readerFor(JsonNode.class).readValues(parser);
      while (nodes.hasNextValue()) {
        JsonNode node = nodes.nextValue();
        long line = parser.currentLocation().getLineNr();
        if (!(node instanceof ObjectNode object)) {
          throw BadInputException.of(
              "%s, line %d: found JSON that is no object; wanted one object for each run",
              file, line);
        }
        Map<String, String> row = new LinkedHashMap<>();
        flatten("", object, row);
        rows.add(row);
        lines.add(line);
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw BadInputException.of(
          "%s, line %d: not well-formed JSON (%s)",
          file, at == null ? lines.size() + 1L : at.getLineNr(), e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException(e); // a text in memory
    }
    Set<String> keys = new LinkedHashSet<>();
    rows.forEach(row -> keys.addAll(row.keySet()));
    List<String> header = List.copyOf(keys);
    return new CsvTable(
        file,
        ',',
        header,
        lines.isEmpty() ? 1 : lines.get(0),
        reader -> {
          for (int i = 0; i < rows.size(); i++) {
            Map<String, String> row = rows.get(i);
            reader.read(
                header.stream().map(key -> row.getOrDefault(key, "")).toList(), lines.get(i));
          }
        });
  }

  private static void flatten(String prefix, ObjectNode object, Map<String, String> into) {
    object
        .properties()
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              if (entry.getValue() instanceof ObjectNode inner) {
                flatten(key + ".", inner, into);
              } else {
                into.put(key.strip(), entry.getValue().isNull() ? "" : entry.getValue().asText());
              }
            });
  }
}
