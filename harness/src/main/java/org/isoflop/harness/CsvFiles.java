package org.isoflop.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** CSV as every file of a sweep has it: a header, commas, line feeds, UTF-8; whole or absent. */
public final class CsvFiles {

  /** The dialect, for files that are appended to. */
  public static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private CsvFiles() {}

  /** Writes a table; numbers as Java prints them, which reads back exactly. */
  public static void write(Path file, List<String> columns, List<? extends List<?>> rows) {
    String table = text(columns, rows);
    AtomicFiles.writeText(file, out -> out.write(table));
  }

  /**
   * The columns of a table, each with what it has of a row.
   *
   * @param <R> what a row is of
   */
  public static final class Columns<R> {

    private final Map<String, Function<R, ?>> columns = new LinkedHashMap<>();

    /** Adds a column. */
    public Columns<R> with(String name, Function<R, ?> value) {
      columns.put(name, value);
      return this;
    }

    /** Returns the names, in the order of the table. */
    public List<String> names() {
      return List.copyOf(columns.keySet());
    }

    /** Writes a table. */
    public void write(Path file, List<R> rows) {
      CsvFiles.write(file, names(), cells(rows));
    }

    /** Returns it as {@link #write} writes it. */
    public String text(List<R> rows) {
      return CsvFiles.text(names(), cells(rows));
    }

    private List<List<?>> cells(List<R> rows) {
      List<List<?>> cells = new ArrayList<>();
      rows.forEach(row -> cells.add(columns.values().stream().map(c -> c.apply(row)).toList()));
      return cells;
    }
  }

  /**
   * A row of a table.
   *
   * @param file for messages
   * @param cells as they were read
   */
  public record Row(Path file, CSVRecord cells) {

    /** Returns a cell, which is empty where there is none. */
    public String text(String column) {
      return cells.isSet(column) ? cells.get(column) : "";
    }

    /**
     * Returns a cell as a number.
     *
     * @throws BadInputException if it is none; names file, line and column
     */
    public double number(String column) {
      try {
        return Double.parseDouble(text(column));
      } catch (NumberFormatException e) {
        throw BadInputException.of(
            "%s, line %d, column %s: a number is needed, found \"%s\"",
            file, line(), column, text(column));
      }
    }

    private <T> T read(Function<Row, T> reader) {
      try {
        return reader.apply(this);
      } catch (IllegalArgumentException e) {
        throw BadInputException.of("%s, line %d: %s", file, line(), e.getMessage());
      }
    }

    private long line() {
      return cells.getRecordNumber() + 1;
    }
  }

  /**
   * Reads a table that a sweep may still be writing: up to its last line end, because a number cut
   * short can still look like a number. An empty file has no rows.
   *
   * @param reader of a row; what it refuses with {@link IllegalArgumentException} is a mistake
   *     there
   * @param columns that it must have
   * @throws BadInputException if it cannot be read or lacks a column; names the file, and where a
   *     row is wrong its line
   */
  public static <T> List<T> read(Path file, Function<Row, T> reader, String... columns) {
    try {
      String text = Files.readString(file);
      text = text.substring(0, text.lastIndexOf('\n') + 1);
      if (text.isEmpty()) {
        return List.of();
      }
      CSVFormat format = FORMAT.builder().setHeader().setSkipHeaderRecord(true).get();
      try (CSVParser parser = CSVParser.parse(text, format)) {
        List<String> header = parser.getHeaderNames();
        for (String column : columns) {
          if (!header.contains(column)) {
            throw BadInputException.of(
                "%s, line 1: no column \"%s\"; found %s", file, column, header);
          }
        }
        return parser.stream().map(row -> new Row(file, row).read(reader)).toList();
      }
    } catch (IOException | UncheckedIOException e) {
      String found = e instanceof CharacterCodingException ? "it is not UTF-8" : e.getMessage();
      throw BadInputException.of("%s: cannot be read (%s)", file, found);
    }
  }

  /** Returns a table as {@link #write} writes it. */
  private static String text(List<String> columns, List<? extends List<?>> rows) {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
      printer.printRecord(columns);
      for (List<?> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException("a row does not fit its columns: " + row);
        }
        printer.printRecord(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string takes everything
    }
    return text.toString();
  }
}
