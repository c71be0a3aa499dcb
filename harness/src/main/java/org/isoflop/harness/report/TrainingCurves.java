package org.isoflop.harness.report;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.CsvFiles;
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
    return Files.isRegularFile(file)
        ? CsvFiles.read(
                file, row -> new Sample(row.number("tokens"), row.number("loss")), "tokens", "loss")
            .stream()
            .filter(at -> at.tokens() > 0 && Double.isFinite(at.tokens() + at.loss()))
            .toList()
        : List.of();
  }

  private static Map<String, Cell> readCells(Path file) {
    Map<String, Cell> cells = new HashMap<>();
    if (!Files.isRegularFile(file)) {
      return cells;
    }
    for (CsvFiles.Row row : CsvFiles.read(file, Function.identity())) {
      String job = row.text("job");
      if (job.isEmpty()) {
        continue; // Somebody's own table of points: it cannot say which job is which.
      }
      String lineage = row.cells().isSet("lineage") ? row.text("lineage") : job;
      Optional<String> parent = Optional.of(row.text("parent")).filter(id -> !id.isEmpty());
      Cell cell = new Cell(lineage, parent, row.number("budget_flops"), row.number("params"));
      cells.merge(job, cell, (a, b) -> a.budget() >= b.budget() ? a : b);
    }
    return cells;
  }
}
