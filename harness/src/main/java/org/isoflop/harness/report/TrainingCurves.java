package org.isoflop.harness.report;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.report.TrainingCurve.Sample;

/**
 * Reads the training curves of a sweep's folder for drawing, finished jobs or not.
 *
 * <p>Losses come from {@code jobs/<job-id>/losses.csv}, and from {@code evaluations.csv} beside it
 * where there is one; a job's budget, params, parent and trunk from its row in {@code plan.csv} or,
 * in a folder without one, in {@code points.csv}.
 */
public final class TrainingCurves {

  /** More points than pixels would only make the page heavy. */
  static final int MOST_SAMPLES = 300;

  private static final CSVFormat CSV =
      CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

  private TrainingCurves() {}

  private record Cell(String lineage, Optional<String> parent, double budget, double params) {}

  /**
   * Returns one curve per job that has logged anything, by budget, then params, then id; jobs of
   * which neither is known come last.
   *
   * <p>A row still being written at the end of a file is left out, and so are losses that are not
   * finite. A folder without {@code jobs/} has no curves.
   *
   * @param leftOut receives one sentence about each job whose log cannot be read
   * @throws BadInputException if {@code points.csv} cannot be read
   */
  public static List<TrainingCurve> read(Path sweepFolder, Consumer<String> leftOut) {
    Path jobs = sweepFolder.resolve("jobs");
    if (!Files.isDirectory(jobs)) {
      return List.of();
    }
    Path plan = sweepFolder.resolve("plan.csv");
    Map<String, Cell> cells =
        readCells(Files.exists(plan) ? plan : sweepFolder.resolve("points.csv"));
    List<TrainingCurve> curves = new ArrayList<>();
    try (Stream<Path> folders = Files.list(jobs)) {
      for (Path folder : folders.toList()) {
        Path file = folder.resolve("losses.csv");
        String job = folder.getFileName().toString();
        List<Sample> samples = List.of();
        List<Sample> evaluations = List.of();
        try {
          samples = readSamples(file);
          evaluations = readSamples(folder.resolve("evaluations.csv"));
        } catch (BadInputException e) {
          leftOut.accept("no training curve of " + job + ": " + e.getMessage());
        }
        if (!samples.isEmpty()) {
          Optional<Cell> cell = Optional.ofNullable(cells.get(job));
          curves.add(
              new TrainingCurve(
                  job,
                  cell.map(Cell::lineage).orElse(job),
                  cell.flatMap(Cell::parent),
                  cell.map(c -> OptionalDouble.of(c.budget())).orElse(OptionalDouble.empty()),
                  cell.map(c -> OptionalDouble.of(c.params())).orElse(OptionalDouble.empty()),
                  Thinning.thin(samples, MOST_SAMPLES),
                  evaluations));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + jobs + ": " + e.getMessage(), e);
    }
    curves.sort(
        Comparator.comparingDouble((TrainingCurve c) -> c.budget().orElse(Double.MAX_VALUE))
            .thenComparingDouble(c -> c.params().orElse(Double.MAX_VALUE))
            .thenComparing(TrainingCurve::job));
    return curves;
  }

  private static List<Sample> readSamples(Path file) {
    List<Sample> samples = new ArrayList<>();
    if (!Files.isRegularFile(file)) {
      return samples;
    }
    for (double[] row : readNumbers(file, "tokens", "loss")) {
      if (row[0] > 0 && Double.isFinite(row[0]) && Double.isFinite(row[1])) {
        samples.add(new Sample(row[0], row[1]));
      }
    }
    return samples;
  }

  private static Map<String, Cell> readCells(Path file) {
    Map<String, Cell> cells = new HashMap<>();
    if (!Files.isRegularFile(file)) {
      return cells;
    }
    try (CSVParser parser = parse(wholeLines(file))) {
      if (!parser.getHeaderNames().contains("job")) {
        return cells; // Somebody's own table of points: it cannot say which job is which.
      }
      require(file, parser, "budget_flops", "params");
      for (CSVRecord row : parser) {
        Cell cell =
            new Cell(
                row.isSet("lineage") ? row.get("lineage") : row.get("job"),
                row.isSet("parent")
                    ? Optional.of(row.get("parent")).filter(parent -> !parent.isEmpty())
                    : Optional.empty(),
                number(file, row, "budget_flops"),
                number(file, row, "params"));
        cells.merge(row.get("job"), cell, (a, b) -> a.budget() >= b.budget() ? a : b);
      }
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(file, e);
    }
    return cells;
  }

  private static List<double[]> readNumbers(Path file, String first, String second) {
    List<double[]> rows = new ArrayList<>();
    String text = wholeLines(file);
    if (text.isEmpty()) {
      return rows;
    }
    try (CSVParser parser = parse(text)) {
      require(file, parser, first, second);
      for (CSVRecord row : parser) {
        rows.add(new double[] {number(file, row, first), number(file, row, second)});
      }
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(file, e);
    }
    return rows;
  }

  /**
   * Returns the text up to its last line end: a number cut short in a row being written can still
   * look like a number.
   */
  private static String wholeLines(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CSVParser parse(String text) throws IOException {
    Reader reader = new StringReader(text);
    return CSVParser.builder().setReader(reader).setFormat(CSV).get();
  }

  private static void require(Path file, CSVParser parser, String... columns) {
    for (String column : columns) {
      if (!parser.getHeaderNames().contains(column)) {
        throw BadInputException.of(
            "%s, line 1: no column \"%s\"; found %s", file, column, parser.getHeaderNames());
      }
    }
  }

  private static double number(Path file, CSVRecord row, String column) {
    String value = row.isSet(column) ? row.get(column) : "";
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw BadInputException.of(
          "%s, line %d, column %s: a number is needed, found \"%s\"",
          file, row.getRecordNumber() + 1, column, value);
    }
  }

  private static BadInputException unreadable(Path file, Exception e) {
    String found = e instanceof CharacterCodingException ? "it is not UTF-8" : e.getMessage();
    return BadInputException.of("%s: cannot be read (%s)", file, found);
  }
}
