package org.isoflop.harness.analysis;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;

/**
 * Reads loss points out of a CSV and refuses, with file, line and column, all that cannot be one.
 *
 * <p>The header is handled here and not by the CSV library, so that every refusal can name the line
 * and the columns that were found.
 */
final class PointsCsv {

  private static final List<String> REQUIRED = List.of("budget_flops", "params", "tokens", "loss");
  private static final List<String> OPTIONAL = List.of("bits_per_byte", "lineage", "status");
  private static final String WANTED = String.join(",", REQUIRED);
  private static final String DONE = "done";

  // Double.parseDouble also takes "1d", "0x1p3" and "Infinity", which no CSV means as a number.
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private final Path file;
  private final Map<String, Integer> columns = new HashMap<>();
  private int width;
  private final List<LossPoint> points = new ArrayList<>();
  private final Set<Row> seen = new HashSet<>();
  private final Map<String, Integer> leftOut = new TreeMap<>();
  private int merged;

  private PointsCsv(Path file) {
    this.file = file;
  }

  /** What makes two rows the same measurement. */
  private record Row(double budget, double params, double tokens, double loss) {}

  static LossPoints read(Path source) {
    Path file = source;
    if (Files.isDirectory(source)) {
      file = source.resolve("points.csv");
      if (!Files.exists(file)) {
        throw BadInputException.of(
            "%s: the folder has no points.csv; give the folder of a sweep with finished horizons,"
                + " or a CSV with the columns %s",
            source, WANTED);
      }
    } else if (!Files.exists(source)) {
      throw BadInputException.of(
          "%s: no such file or folder; give the folder of a sweep, or a CSV with the columns %s",
          source, WANTED);
    }
    return new PointsCsv(file).parse(Utf8Text.read(file));
  }

  private LossPoints parse(String text) {
    CSVFormat format =
        CSVFormat.DEFAULT.builder().setTrim(true).setIgnoreSurroundingSpaces(true).get();
    long line = 1;
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      for (CSVRecord row : parser) {
        line = parser.getCurrentLineNumber();
        if (columns.isEmpty()) {
          header(row, line);
        } else {
          row(row, line);
        }
        line++;
      }
    } catch (IOException | UncheckedIOException e) {
      Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
      throw BadInputException.of(
          "%s, line %d: not well-formed CSV (%s); a quote that opens a cell must close it",
          file, line, cause.getMessage());
    }
    return result();
  }

  private void header(CSVRecord names, long line) {
    width = names.size();
    for (int i = 0; i < width; i++) {
      String name = names.get(i).toLowerCase(Locale.ROOT);
      boolean known = REQUIRED.contains(name) || OPTIONAL.contains(name);
      if (known && columns.containsKey(name)) {
        throw BadInputException.of(
            "%s, line %d, column %s: the header has this column twice; keep one", file, line, name);
      }
      columns.put(name, i);
    }
    for (String name : REQUIRED) {
      if (!columns.containsKey(name)) {
        throw BadInputException.of(
            "%s, line %d: the header lacks the column %s; found %s, wanted at least %s,"
                + " separated by commas",
            file, line, name, found(names), WANTED);
      }
    }
  }

  private static String found(CSVRecord names) {
    String all = String.join(",", names.values());
    return "'" + (all.length() > 200 ? all.substring(0, 200) + "…" : all) + "'";
  }

  private void row(CSVRecord row, long line) {
    if (row.size() != width) {
      throw BadInputException.of(
          "%s, line %d: found %d columns where the header has %d; numbers take a decimal point,"
              + " and text with a comma goes in quotes",
          file, line, row.size(), width);
    }
    OptionalInt status = column("status");
    if (status.isPresent() && !row.get(status.getAsInt()).equalsIgnoreCase(DONE)) {
      String found = row.get(status.getAsInt());
      leftOut.merge(found.isEmpty() ? "(empty)" : found, 1, Integer::sum);
      return;
    }
    double budget = number(row, "budget_flops", line);
    double params = number(row, "params", line);
    double tokens = number(row, "tokens", line);
    double loss = number(row, "loss", line);
    if (!seen.add(new Row(budget, params, tokens, loss))) {
      merged++;
      return;
    }
    points.add(
        new LossPoint(budget, params, tokens, loss, bitsPerByte(row, line), lineage(row, line)));
  }

  private OptionalDouble bitsPerByte(CSVRecord row, long line) {
    OptionalInt column = column("bits_per_byte");
    if (column.isEmpty() || row.get(column.getAsInt()).isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(number(row, "bits_per_byte", line));
  }

  private String lineage(CSVRecord row, long line) {
    OptionalInt column = column("lineage");
    String own = "line " + line;
    String given = column.isPresent() ? row.get(column.getAsInt()) : "";
    return given.isEmpty() ? own : given;
  }

  private double number(CSVRecord row, String name, long line) {
    String cell = row.get(columns.get(name));
    double value = DECIMAL.matcher(cell).matches() ? Double.parseDouble(cell) : Double.NaN;
    if (!(value > 0) || Double.isInfinite(value)) {
      throw BadInputException.of(
          "%s, line %d, column %s: found %s, wanted a positive finite number%s",
          file,
          line,
          name,
          cell.isEmpty() ? "an empty cell" : "'" + cell + "'",
          name.equals("loss")
              ? "; a run without one is left out where a status column says other than done"
              : "");
    }
    return value;
  }

  private OptionalInt column(String name) {
    Integer index = columns.get(name);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  private LossPoints result() {
    if (columns.isEmpty()) {
      throw BadInputException.of(
          "%s: the file is empty; wanted a CSV with the columns %s", file, WANTED);
    }
    int skipped = leftOut.values().stream().mapToInt(Integer::intValue).sum();
    if (points.isEmpty()) {
      throw BadInputException.of(
          "%s: no finished loss point below the header (rows with a status other than %s: %d);"
              + " wanted at least one row",
          file, DONE, skipped);
    }
    List<String> warnings = new ArrayList<>();
    if (skipped > 0) {
      List<String> counts = new ArrayList<>();
      leftOut.forEach((status, count) -> counts.add(count + " " + status));
      warnings.add(
          String.format(
              Locale.ROOT,
              "Left out %d of %d rows whose status is not %s: %s.",
              skipped,
              skipped + merged + points.size(),
              DONE,
              String.join(", ", counts)));
    }
    if (merged > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "Merged %d row%s that repeat another exactly (budget, params, tokens and loss);"
                  + " a repeat with another seed would have another loss.",
              merged,
              merged == 1 ? "" : "s"));
    }
    return new LossPoints(points, warnings);
  }
}
