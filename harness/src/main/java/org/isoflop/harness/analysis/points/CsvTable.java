package org.isoflop.harness.analysis.points;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;

/**
 * A CSV in whichever dialect it is, or JSON objects in its place, row by row with line numbers. The
 * header is read here and not by the CSV library, so that every refusal can name the line and the
 * columns that were found.
 *
 * @param file for messages
 * @param delimiter between cells
 * @param header the first row, as it stands
 * @param headerLine its line, from 1
 * @param rows below the header
 */
record CsvTable(Path file, char delimiter, List<String> header, long headerLine, Rows rows) {

  private static final List<Character> DELIMITERS = List.of(',', ';', '\t');

  /** Takes one row below the header. */
  interface RowReader {
    /** Takes the cells, as many as the header has, and the line on which they end. */
    void read(List<String> row, long line);
  }

  /** Hands over every row. */
  interface Rows {
    /** Reads them all. */
    void forEach(RowReader reader);
  }

  /**
   * Opens a file and finds its delimiter: that by which most cells of the first row are known
   * headers, or else that by which it has most cells.
   *
   * @param known headers in lower case
   * @throws BadInputException if it cannot be read, is empty, or its first row is not CSV
   */
  static CsvTable open(Path file, Set<String> known) {
    String text = Utf8Text.read(file);
    if (JsonTable.is(text)) {
      return JsonTable.read(file, text);
    }
    char best = DELIMITERS.get(0);
    long mostKnown = -1;
    int mostCells = -1;
    for (char delimiter : DELIMITERS) {
      List<String> cells = firstRow(text, delimiter);
      long found = cells.stream().filter(c -> known.contains(c.toLowerCase(Locale.ROOT))).count();
      if (found > mostKnown || (found == mostKnown && cells.size() > mostCells)) {
        best = delimiter;
        mostKnown = found;
        mostCells = cells.size();
      }
    }
    return withHeader(file, text, best);
  }

  /** Returns the cells of the first row; none where it is not CSV with that delimiter. */
  private static List<String> firstRow(String text, char delimiter) {
    try (CSVParser parser = CSVParser.parse(new StringReader(text), dialect(delimiter))) {
      Iterator<CSVRecord> rows = parser.iterator();
      return rows.hasNext() ? rows.next().toList() : List.of();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // said by withHeader, of the delimiter that is chosen in the end
    }
  }

  private static CsvTable withHeader(Path file, String text, char delimiter) {
    try (CSVParser parser = CSVParser.parse(new StringReader(text), dialect(delimiter))) {
      Iterator<CSVRecord> rows = parser.iterator();
      if (!rows.hasNext()) {
        throw BadInputException.of(
            "%s: the file is empty; wanted a CSV with the columns %s", file, CsvHeader.WANTED);
      }
      List<String> header = rows.next().toList();
      long line = parser.getCurrentLineNumber();
      return new CsvTable(
          file,
          delimiter,
          header,
          line,
          reader -> forEach(file, text, delimiter, header.size(), line, reader));
    } catch (IOException | UncheckedIOException e) {
      throw malformed(file, 1, e);
    }
  }

  private static CSVFormat dialect(char delimiter) {
    return CSVFormat.DEFAULT
        .builder()
        .setDelimiter(delimiter)
        .setTrim(true)
        .setIgnoreSurroundingSpaces(true)
        .get();
  }

  /** Returns whether it has a header, in any case. */
  boolean has(String name) {
    return header.stream().anyMatch(name::equalsIgnoreCase);
  }

  /**
   * Hands over every row below the header.
   *
   * @throws BadInputException if a row is not CSV or not as long as the header
   */
  void forEach(RowReader reader) {
    rows.forEach(reader);
  }

  private static void forEach(
      Path file, String text, char delimiter, int width, long headerLine, RowReader reader) {
    long line = headerLine;
    try (CSVParser parser = CSVParser.parse(new StringReader(text), dialect(delimiter))) {
      Iterator<CSVRecord> rows = parser.iterator();
      rows.next(); // the header
      while (rows.hasNext()) {
        CSVRecord row = rows.next();
        line = parser.getCurrentLineNumber();
        if (row.size() != width) {
          throw BadInputException.of(
              "%s, line %d: found %d columns where the header has %d; numbers take a decimal"
                  + " point, and text with a '%s' goes in quotes",
              file, line, row.size(), width, delimiter);
        }
        reader.read(row.toList(), line);
      }
    } catch (IOException | UncheckedIOException e) {
      throw malformed(file, line + 1, e);
    }
  }

  private static BadInputException malformed(Path file, long line, Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    return BadInputException.of(
        "%s, line %d: not well-formed CSV (%s); a quote that opens a cell must close it",
        file, line, cause.getMessage());
  }
}
