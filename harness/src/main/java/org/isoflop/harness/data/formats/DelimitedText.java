package org.isoflop.harness.data.formats;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;

/**
 * The rows of a CSV or TSV file, each a document whose text is one of its cells. The first line
 * names the columns; commas, tabs or semicolons stand between cells, whichever part the names.
 *
 * <p>Bytes are read as characters, ISO 8859-1, and written back, so that a text stays what it is in
 * any encoding.
 *
 * @param column name of the column that holds the text
 */
record DelimitedText(String column) implements DocumentSource {

  private static final List<String> DELIMITERS = List.of(",", "\t", ";");

  private static final int LONGEST_HEADER = 1 << 16;

  /** Longer than any text that is a document and what stands beside it. */
  private static final long LONGEST_ROW = 2L * TextCutter.LONGEST_DOCUMENT;

  @Override
  public String words() {
    return "CSV and TSV, where each row is one";
  }

  @Override
  public boolean takes(Content content) {
    return content.isNamed(".csv", ".tsv")
        && (content.markedCharset().isPresent() || FileKind.notText(content.head()).isEmpty());
  }

  @Override
  public void read(Content content, DocumentReader.Documents documents) throws IOException {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(content.text(), StandardCharsets.ISO_8859_1), LONGEST_HEADER);
    text.mark(LONGEST_HEADER);
    char[] head = new char[LONGEST_HEADER];
    int length = Math.max(0, text.read(head));
    text.reset();
    String beginning = new String(head, 0, length);
    if (beginning.isBlank()) {
      return;
    }
    CSVFormat format = format(content, beginning);
    Row bounded = new Row(text);
    long line = 1;
    try (CSVParser parser = CSVParser.parse(bounded, format)) {
      Iterator<CSVRecord> rows = parser.iterator();
      List<String> names = names(rows.next());
      int wanted = names.indexOf(latin(column));
      while (true) {
        line = parser.getCurrentLineNumber() + 1;
        bounded.left = LONGEST_ROW;
        if (!rows.hasNext()) {
          return;
        }
        CSVRecord row = rows.next();
        if (row.size() != names.size()) {
          throw refused(
              content, line, "found %d cells under %d columns".formatted(row.size(), names.size()));
        }
        byte[] cell = row.get(wanted).getBytes(StandardCharsets.ISO_8859_1);
        DocumentReader.hand(TextCutter.document(cell), documents);
      }
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CSVException) {
        throw refused(content, line, "not well-formed CSV (" + e.getCause().getMessage() + ")");
      }
      throw e.getCause();
    }
  }

  /** Returns the dialect in which the first line names the column. */
  private CSVFormat format(Content content, String head) throws IOException {
    List<String> named = List.of();
    for (String delimiter : DELIMITERS) {
      CSVFormat format = CSVFormat.DEFAULT.builder().setDelimiter(delimiter).get();
      List<String> names = names(head, format);
      long times = names.stream().filter(latin(column)::equals).count();
      if (times > 1) {
        throw BadInputException.of(
            "%s, line 1: %d columns are called '%s'; one would do", content.place(), times, column);
      }
      if (times == 1) {
        return format;
      }
      named = names.size() > named.size() ? names : named;
    }
    throw BadInputException.of(
        "%s, line 1: no column '%s' (but %s); corpus.text names the one that holds the text",
        content.place(), column, utf8(String.join(", ", named)));
  }

  private static List<String> names(String head, CSVFormat format) throws IOException {
    try (CSVParser parser = CSVParser.parse(new StringReader(head), format)) {
      Iterator<CSVRecord> rows = parser.iterator();
      return rows.hasNext() ? names(rows.next()) : List.of();
    } catch (UncheckedIOException e) {
      return List.of(); // a quote that nothing closes
    }
  }

  private static List<String> names(CSVRecord header) {
    return header.stream().map(String::strip).toList();
  }

  private static BadInputException refused(Content content, long line, String found) {
    return BadInputException.of(
        "%s, line %d: %s; as many cells as the first line names would do, in quotes where they hold"
            + " line ends, quotes or what parts cells",
        content.place(), line, found);
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Bounds a row, which a quote that nothing closes would make as long as the file. */
  private static final class Row extends FilterReader {
    private long left = LONGEST_ROW;

    Row(Reader text) {
      super(text);
    }

    @Override
    public int read(char[] into, int from, int most) throws IOException {
      int read = super.read(into, from, most);
      left -= read;
      if (left < 0) {
        throw new CSVException(
            "a row of more than 2^27 bytes, perhaps a quote that nothing closes");
      }
      return read;
    }
  }
}
