package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.IsoFlopAnalysis;
import org.isoflop.harness.analysis.allocation.Allocation;
import org.isoflop.harness.analysis.allocation.Allocation.Question;
import org.isoflop.harness.analysis.allocation.AllocationJson;
import org.isoflop.harness.analysis.allocation.AllocationText;
import org.isoflop.harness.analysis.allocation.Allocator;
import org.isoflop.harness.analysis.output.ResultJson;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code isoflop allocate}: how to spend a budget, by the points of a sweep or of any CSV. */
@Command(
    name = "allocate",
    mixinStandardHelpOptions = true,
    description = {
      "Says how many params to train on how many tokens at a budget, with intervals, and how far"
          + " beyond the measured budgets that lies.",
      "Counts may be written as 1e20, 400M, 3.2B or 5T."
    })
final class AllocateCommand implements Callable<Integer> {

  @Mixin private PointsOptions points;

  @Option(
      names = "--budget",
      paramLabel = "C",
      required = true,
      split = ",",
      converter = CountConverter.class,
      description = "Training FLOPs to split; may be given more than once.")
  private List<Double> budgets;

  @Option(
      names = "--inference-tokens",
      paramLabel = "T",
      converter = CountConverter.class,
      description = "Tokens the model will serve: also finds the cheapest to train and serve.")
  private Optional<Double> inferenceTokens;

  @Option(
      names = "--unique-tokens",
      paramLabel = "U|unlimited",
      converter = UniqueTokens.Converter.class,
      description =
          "Training tokens there are: where D* is more, also finds the best split with repeated"
              + " tokens. Default: those of the sweep's corpus; of a table that says which tokens"
              + " were repeated, the most unique ones of any run.")
  private Optional<Double> uniqueTokens;

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  @Mixin private ResamplingOptions resampling;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    AnalysisSettings settings = new AnalysisSettings(IntervalScheme.AUTO, resampling.settings());
    LossPoints input = points.read();
    BuildableDecoders decoders =
        BuildableDecoders.of(points.sources().get(0), input.convention().params());
    UniqueTokens unique = UniqueTokens.of(uniqueTokens, points.sources(), input);
    Allocator allocator = allocator(input, settings);
    List<Allocation> answers =
        budgets.stream()
            .map(budget -> question(budget, unique.count()))
            .map(allocator::allocate)
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(allocator, answers, decoders, unique));
    } else {
      print(allocator, answers, decoders, unique, out);
    }
    return 0;
  }

  private String source() {
    return points.sources().stream().map(Path::toString).collect(Collectors.joining(" + "));
  }

  private Allocator allocator(LossPoints input, AnalysisSettings settings) {
    Fitted<Allocator> fitted = IsoFlopAnalysis.allocator(input, settings);
    return fitted
        .value()
        .orElseThrow(
            () ->
                BadInputException.of(
                    "%s: gives no allocation. %s", source(), fitted.refused().orElseThrow()));
  }

  private Question question(double budget, OptionalDouble unique) {
    return new Question(
        budget, inferenceTokens.stream().mapToDouble(Double::doubleValue).findFirst(), unique);
  }

  private void print(
      Allocator allocator,
      List<Allocation> answers,
      BuildableDecoders decoders,
      UniqueTokens unique,
      PrintWriter out) {
    AllocationText.header(source(), allocator).forEach(out::println);
    for (Allocation answer : answers) {
      out.println();
      AllocationText.answer(answer).forEach(out::println);
      out.println("  " + decoders.text(answer.trainOptimal().params().value()));
      AllocationText.details(answer).forEach(out::println);
    }
    out.println();
    boolean repeats = answers.stream().anyMatch(Allocation::repeats);
    AllocationText.footnotes(allocator, unique.text(repeats), repeats).forEach(out::println);
    out.println("Decoders: " + decoders.kind() + ".");
  }

  private String json(
      Allocator allocator,
      List<Allocation> answers,
      BuildableDecoders decoders,
      UniqueTokens unique) {
    return new Row()
        .with("source", source())
        .with("measured", AllocationJson.measured(allocator.measured()))
        .with("warnings", allocator.warnings())
        .with("law", allocator.law().map(AllocationJson::law))
        .with("unique_tokens", unique.json())
        .with(
            "allocations",
            ResultJson.rows(
                answers,
                answer ->
                    AllocationJson.of(answer)
                        .with(
                            "nearest_decoder",
                            decoders.json(answer.trainOptimal().params().value()))))
        .tree()
        .toPrettyString();
  }
}
