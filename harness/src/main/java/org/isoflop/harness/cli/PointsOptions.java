package org.isoflop.harness.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.points.Column;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.PointsFormat;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where loss points come from and how they are counted: what every command on points takes. */
final class PointsOptions {

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|CSV",
      description =
          "Sweeps' folders and CSV files of loss points (comma, semicolon or tab; gzip too);"
              + " several are pooled.")
  private List<Path> sources;

  @Option(
      names = "--column",
      paramLabel = "NAME=HEADER",
      description =
          "What the CSV calls a column, such as params=n_params; repeat for each. NAME is"
              + " budget_flops, params, tokens, loss, bits_per_byte, lineage, status, seed,"
              + " params_embedding, params_attention, params_mlp, params_norm, params_head,"
              + " flops_per_token or flops.")
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
              + " the last two need no budget column. Default: ${DEFAULT-VALUE}.")
  private String flops;

  @Option(
      names = "--setting",
      paramLabel = "HEADER",
      description =
          "A column of what was tuned at every cell, beside those known (learning_rate, lr,"
              + " batch_size, weight_decay, …): the best setting of a cell is its point.")
  private List<String> settings = new ArrayList<>();

  /** Returns the folders and files, at least one. */
  List<Path> sources() {
    return List.copyOf(sources);
  }

  /** Reads and pools the points. */
  LossPoints read() {
    return LossPoints.read(sources, format());
  }

  /** Reads the points and splits them by the value of a column. */
  Map<String, LossPoints> readGroups(String column) {
    return LossPoints.readGroups(sources, format(), column);
  }

  private PointsFormat format() {
    Map<Column, String> headers = new EnumMap<>(Column.class);
    for (String mapping : columns) {
      int equals = mapping.indexOf('=');
      if (equals < 1 || mapping.substring(equals + 1).isBlank()) {
        throw BadInputException.of(
            "--column: '%s' is no mapping, use NAME=HEADER such as params=n_params", mapping);
      }
      Column column = column(mapping.substring(0, equals).strip());
      if (headers.put(column, mapping.substring(equals + 1)) != null) {
        throw BadInputException.of("--column: %s is given twice, keep one", column.key());
      }
    }
    return new PointsFormat(headers, Convention.parse(params, flops), settings);
  }

  private static Column column(String name) {
    return Column.of(name)
        .orElseThrow(
            () ->
                BadInputException.of(
                    "--column: '%s' is not a known NAME, use one of %s",
                    name,
                    Arrays.stream(Column.values())
                        .map(Column::key)
                        .collect(Collectors.joining(", "))));
  }
}
