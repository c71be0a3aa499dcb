package org.isoflop.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

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

  /** Returns a table as {@link #write} writes it. */
  public static String text(List<String> columns, List<? extends List<?>> rows) {
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
