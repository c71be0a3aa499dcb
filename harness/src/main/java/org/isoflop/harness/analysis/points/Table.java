package org.isoflop.harness.analysis.points;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;

/**
 * A file of cells: CSV in whichever dialect it is, or JSON objects in its place, one after the
 * other or in an array, where nested keys get dots. The first row is taken as the header here and
 * not by the CSV library, so that every refusal can name the line and the columns that were found.
 *
 * @param file for messages
 * @param delimiter between cells
 * @param header the first row, as it stands
 * @param headerLine its line, from 1
 * @param rows below the header
 */
record Table(Path file, char delimiter, List<String> header, long headerLine, Rows rows) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** The cells of one row and the line, from 1, on which they end. */
  record Row(List<String> cells, long line) {}

  /** What hands over all rows, once. */
  interface Rows {
    void forEach(Consumer<Row> reader);
  }

  /**
   * Opens a file and finds its delimiter: that by which most cells of the first row are known
   * headers, or else that by which it has most cells.
   *
   * @param known headers in lower case
   * @throws BadInputException if it cannot be read, is empty, or is not JSON objects or a CSV as
   *     far as its first row
   */
  static Table open(Path file, Set<String> known) {
    String text = TextFile.read(file);
    String start = text.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      return ofJson(file, text);
    }
    record Dialect(CSVFormat format, List<String> header) {}
    Dialect dialect =
        Stream.of(',', ';', '\t')
            .map(delimiter -> format(delimiter))
            .map(format -> new Dialect(format, firstRow(text, format)))
            .max(
                Comparator.<Dialect>comparingLong(
                        d ->
                            d.header.stream()
                                .filter(cell -> known.contains(cell.toLowerCase(Locale.ROOT)))
                                .count())
                    .thenComparingInt(d -> d.header.size()))
            .orElseThrow();
    return ofCsv(file, text, dialect.format);
  }

  /** Returns whether it has a header, in any case. */
  boolean has(String name) {
    return header.stream().anyMatch(name::equalsIgnoreCase);
  }

  /**
   * Hands over every row below the header, once.
   *
   * @throws BadInputException if a row is not CSV or not as long as the header
   */
  void forEach(Consumer<Row> reader) {
    rows.forEach(
        row -> {
          if (row.cells.size() != header.size()) {
            throw BadInputException.of(
                "%s, line %d: found %d columns where the header has %d; numbers take a decimal"
                    + " point, and text with a '%s' goes in quotes",
                file, row.line, row.cells.size(), header.size(), delimiter);
          }
          reader.accept(row);
        });
  }

  private static CSVFormat format(char delimiter) {
    return CSVFormat.DEFAULT
        .builder()
        .setDelimiter(delimiter)
        .setTrim(true)
        .setIgnoreSurroundingSpaces(true)
        .get();
  }

  /** Returns the cells of the first row; none where it is not CSV with that delimiter. */
  private static List<String> firstRow(String text, CSVFormat format) {
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      return parser.stream().findFirst().map(CSVRecord::toList).orElse(List.of());
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // said of the delimiter that is chosen in the end
    }
  }

  private static Table ofCsv(Path file, String text, CSVFormat format) {
    try {
      CSVParser parser = CSVParser.parse(new StringReader(text), format);
      Iterator<CSVRecord> records = parser.iterator();
      if (!records.hasNext()) {
        throw BadInputException.of(
            "%s: the file is empty; wanted a CSV with the columns %s", file, Header.WANTED);
      }
      List<String> header = records.next().toList();
      char delimiter = format.getDelimiterString().charAt(0);
      long line = parser.getCurrentLineNumber();
      return new Table(
          file, delimiter, header, line, reader -> forEach(file, parser, records, reader));
    } catch (IOException | UncheckedIOException e) {
      throw malformed(file, 1, e);
    }
  }

  private static void forEach(
      Path file, CSVParser parser, Iterator<CSVRecord> records, Consumer<Row> reader) {
    long line = parser.getCurrentLineNumber();
    try {
      while (records.hasNext()) {
        List<String> cells = records.next().toList();
        line = parser.getCurrentLineNumber();
        reader.accept(new Row(cells, line));
      }
    } catch (UncheckedIOException e) {
      throw malformed(file, line + 1, e);
    }
  }

  private static BadInputException malformed(Path file, long line, Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    return BadInputException.of(
        "%s, line %d: not well-formed CSV (%s); a quote that opens a cell must close it",
        file, line, cause.getMessage());
  }

  /** Takes objects as rows; a key that one of them lacks is an empty cell there. */
  private static Table ofJson(Path file, String text) {
    record Line(Map<String, String> cells, long line) {}
    List<Line> lines = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    try (MappingIterator<JsonNode> nodes = JSON.readerFor(JsonNode.class).readValues(text)) {
      while (nodes.hasNextValue()) {
        JsonNode node = nodes.nextValue();
        long line = nodes.getParser().currentLocation().getLineNr();
        if (!node.isObject()) {
          throw BadInputException.of(
              "%s, line %d: found JSON that is no object; wanted one object for each run",
              file, line);
        }
        Map<String, String> cells = new LinkedHashMap<>();
        flatten("", node, cells);
        keys.addAll(cells.keySet());
        lines.add(new Line(cells, line));
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw BadInputException.of(
          "%s, line %d: not well-formed JSON (%s)",
          file, at == null ? lines.size() + 1L : at.getLineNr(), e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory
    }
    List<String> header = List.copyOf(keys);
    List<Row> rows =
        lines.stream()
            .map(
                line ->
                    new Row(
                        header.stream().map(key -> line.cells.getOrDefault(key, "")).toList(),
                        line.line))
            .toList();
    return new Table(file, ',', header, rows.isEmpty() ? 1 : rows.get(0).line(), rows::forEach);
  }

  private static void flatten(String prefix, JsonNode object, Map<String, String> into) {
    object
        .properties()
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              if (entry.getValue().isObject()) {
                flatten(key + ".", entry.getValue(), into);
              } else {
                into.put(key.strip(), entry.getValue().isNull() ? "" : entry.getValue().asText());
              }
            });
  }
}
