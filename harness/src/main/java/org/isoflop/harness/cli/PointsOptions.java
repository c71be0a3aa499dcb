package org.isoflop.harness.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.points.Column;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.PointsFormat;
import org.isoflop.harness.analysis.points.Units;
import org.isoflop.harness.sweep.PointsFile;
import org.isoflop.harness.sweep.SweepFolder;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where loss points come from and how they are counted: what every command on points takes. */
final class PointsOptions {

  private static final class ColumnNames extends ArrayList<String> {
    ColumnNames() {
      super(Arrays.stream(Column.values()).map(Column::key).toList());
    }
  }

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|CSV",
      description =
          "Sweeps' folders and tables of loss points (CSV by comma, semicolon or tab, or JSON"
              + " lines; gzip too); several are pooled, but by compare, which holds each against"
              + " the first.")
  private List<Path> sources;

  @Option(
      names = "--column",
      paramLabel = "NAME=HEADER",
      description =
          "What the CSV calls a column, such as params=n_params, or params=body+embedding for a"
              + " sum; repeat for each. NAME is one of ${COMPLETION-CANDIDATES}.",
      completionCandidates = ColumnNames.class)
  private List<String> columns = new ArrayList<>();

  @Option(
      names = "--params",
      paramLabel = "total|non-embedding|matmul",
      defaultValue = "total",
      description =
          "What N counts: every parameter, those of attention, MLPs and norms, or those of"
              + " attention, MLPs and head. Default: ${DEFAULT-VALUE}.")
  private String params;

  @Option(
      names = "--flops",
      paramLabel = "budget|6nd|exact",
      defaultValue = "budget",
      description =
          "What C is: the budget as stated, 6ND, or the FLOPs counted operation by operation;"
              + " the last two need no budget column, and 6nd takes any two of budget, params and"
              + " tokens. Default: ${DEFAULT-VALUE}.")
  private String flops;

  @Option(
      names = "--setting",
      paramLabel = "HEADER",
      description =
          "A column of what was tuned at every cell, beside those known (learning_rate, lr,"
              + " batch_size, weight_decay, …): the best setting of a cell is its point.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--unit",
      paramLabel = "NAME=UNIT",
      description =
          "What a column counts in: k, M, B, T, pfdays or a number, such as params=M or"
              + " budget_flops=pfdays; repeat for each. Cells may say 8.3B themselves.")
  private List<String> units = new ArrayList<>();

  @Option(
      names = "--loss-unit",
      paramLabel = "nats|bits|bits-per-byte|perplexity",
      description = "What losses are in. Default: nats per token.")
  private Optional<String> lossUnit;

  @Option(
      names = "--done",
      paramLabel = "WORD",
      description = "A word of the status that means done, beside done, finished, complete, ….")
  private List<String> done = new ArrayList<>();

  @Option(
      names = "--departure",
      paramLabel = "FACTOR",
      description =
          "Leaves out the points of a sweep whose trunk has a learning rate or a batch further from"
              + " the cell's own than this factor, 1 or more.")
  private Optional<Double> departure;

  @Option(
      names = "--min-steps",
      paramLabel = "N",
      description =
          "Leaves out the points of runs of fewer steps, such as those that a sweep's points call"
              + " short_of_steps.")
  private Optional<Long> minSteps;

  /** Returns the folders and files, at least one. */
  List<Path> sources() {
    return List.copyOf(sources);
  }

  /** Reads and pools the points. */
  LossPoints read() {
    complete();
    return LossPoints.read(sources, format());
  }

  /** Reads the points of every source apart, in their order, by its name. */
  Map<String, LossPoints> readEach() {
    complete();
    return LossPoints.readEach(sources, format());
  }

  /** Reads the points and splits them by the value of a column. */
  Map<String, LossPoints> readGroups(String column) {
    complete();
    return LossPoints.readGroups(sources, format(), column);
  }

  private void complete() {
    sources.stream()
        .filter(Files::isDirectory)
        .forEach(folder -> PointsFile.complete(new SweepFolder(folder)));
  }

  private PointsFormat format() {
    Map<Column, Double> factors = new EnumMap<>(Column.class);
    mappings("--unit", units, "NAME=UNIT such as params=M")
        .forEach((column, unit) -> factors.put(column, Units.factor(unit)));
    return new PointsFormat(
        mappings("--column", columns, "NAME=HEADER such as params=n_params"),
        Convention.parse(params, flops),
        settings,
        factors,
        lossUnit.map(PointsFormat.LossUnit::parse),
        Set.copyOf(done),
        departure,
        minSteps);
  }

  private static Map<Column, String> mappings(String flag, List<String> given, String wanted) {
    Map<Column, String> mappings = new EnumMap<>(Column.class);
    for (String mapping : given) {
      int equals = mapping.indexOf('=');
      if (equals < 1 || mapping.substring(equals + 1).isBlank()) {
        throw BadInputException.of("%s: '%s' is no mapping, use %s", flag, mapping, wanted);
      }
      Column column = Column.parse(flag, mapping.substring(0, equals).strip());
      if (mappings.put(column, mapping.substring(equals + 1)) != null) {
        throw BadInputException.of("%s: %s is given twice, keep one", flag, column.key());
      }
    }
    return mappings;
  }
}
