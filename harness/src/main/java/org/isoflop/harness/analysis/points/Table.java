package org.isoflop.harness.analysis.points;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.points.Run.Place;

/**
 * A file of cells: CSV in whichever dialect it is, or JSON objects in its place, one after the
 * other or in an array, where nested keys get dots. The first row is taken as the header here and
 * not by the CSV library, so that every refusal can name the line and the columns that were found.
 *
 * @param delimiter between cells
 * @param header the first row, as it stands
 * @param rows below it, each as long as it
 */
record Table(String delimiter, Row header, List<Row> rows) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** The cells of one row and the place where they end. */
  record Row(List<String> cells, Place place) {}

  /**
   * Reads a file. Its delimiter is that by which most cells of the first row are known headers, or
   * else that by which it has most cells.
   *
   * @param known headers in lower case
   * @throws BadInputException if it cannot be read, is empty, or is neither JSON objects nor a CSV
   *     whose rows are as long as its header
   */
  static Table read(Path file, Set<String> known) {
    String text = TextFile.read(file);
    String start = text.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      return ofJson(file, text);
    }
    CSVFormat format =
        Stream.of(",", ";", "\t")
            .map(Table::format)
            .max(
                Comparator.comparingLong((CSVFormat one) -> count(known, firstRow(text, one)))
                    .thenComparingInt(one -> firstRow(text, one).size()))
            .orElseThrow();
    return ofCsv(file, text, format);
  }

  /** Returns whether it has a header, in any case. */
  boolean has(String name) {
    return header.cells.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static CSVFormat format(String delimiter) {
    return CSVFormat.DEFAULT
        .builder()
        .setDelimiter(delimiter)
        .setTrim(true)
        .setIgnoreSurroundingSpaces(true)
        .get();
  }

  private static long count(Set<String> known, List<String> headers) {
    return headers.stream().filter(cell -> known.contains(cell.toLowerCase(Locale.ROOT))).count();
  }

  /** Returns the cells of the first row; none where it is not CSV with that delimiter. */
  private static List<String> firstRow(String text, CSVFormat format) {
    try (CSVParser parser = CSVParser.parse(text, format)) {
      return parser.stream().findFirst().map(CSVRecord::toList).orElse(List.of());
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // said of the delimiter that is chosen in the end
    }
  }

  private static Table ofCsv(Path file, String text, CSVFormat format) {
    List<Row> rows = new ArrayList<>();
    long line = 0;
    try (CSVParser parser = CSVParser.parse(text, format)) {
      for (CSVRecord record : parser) {
        line = parser.getCurrentLineNumber();
        rows.add(new Row(record.toList(), new Place(file.toString(), line)));
        if (record.size() != rows.get(0).cells.size()) {
          throw BadInputException.of(
              "%s: found %d columns where the header has %d; numbers take a decimal point, and text"
                  + " with a '%s' goes in quotes",
              rows.get(rows.size() - 1).place,
              record.size(),
              rows.get(0).cells.size(),
              format.getDelimiterString());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
      throw BadInputException.of(
          "%s, line %d: not well-formed CSV (%s); a quote that opens a cell must close it",
          file, line + 1, cause.getMessage());
    }
    if (rows.isEmpty()) {
      throw BadInputException.of(
          "%s: the file is empty; wanted a CSV with the columns %s", file, Header.WANTED);
    }
    return new Table(format.getDelimiterString(), rows.get(0), rows.subList(1, rows.size()));
  }

  /** Takes objects as rows; a key that one of them lacks is an empty cell there. */
  private static Table ofJson(Path file, String text) {
    List<Map<String, String>> objects = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    try (MappingIterator<JsonNode> nodes = JSON.readerFor(JsonNode.class).readValues(text)) {
      while (nodes.hasNextValue()) {
        JsonNode node = nodes.nextValue();
        Place place = new Place(file.toString(), nodes.getParser().currentLocation().getLineNr());
        if (!node.isObject()) {
          throw BadInputException.of(
              "%s: found JSON that is no object; wanted one object for each run", place);
        }
        Map<String, String> cells = new LinkedHashMap<>();
        flatten("", node, cells);
        keys.addAll(cells.keySet());
        objects.add(cells);
        places.add(place);
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw BadInputException.of(
          "%s, line %d: not well-formed JSON (%s)",
          file, at == null ? objects.size() + 1L : at.getLineNr(), e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory
    }
    Place first = places.isEmpty() ? new Place(file.toString(), 1) : places.get(0);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      Map<String, String> cells = objects.get(i);
      List<String> row = keys.stream().map(key -> cells.getOrDefault(key, "")).toList();
      rows.add(new Row(row, places.get(i)));
    }
    return new Table(",", new Row(List.copyOf(keys), first), rows);
  }

  private static void flatten(String prefix, JsonNode object, Map<String, String> into) {
    object
        .properties()
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              JsonNode value = entry.getValue();
              if (value.isObject()) {
                flatten(key + ".", value, into);
              } else {
                into.put(key.strip(), value.isNull() ? "" : value.asText());
              }
            });
  }
}
