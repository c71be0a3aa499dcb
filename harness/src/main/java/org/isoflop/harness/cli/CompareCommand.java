package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.Comparison;
import org.isoflop.harness.analysis.ComparisonJson;
import org.isoflop.harness.analysis.ComparisonText;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code isoflop compare}: what another recipe changes, between sweeps. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Holds sweeps of other recipes against the first: exponents, N*, D* and loss at a common"
          + " budget, and the compute each needs at equal loss, with intervals of the differences.",
      "Losses are compared where they were taken on the same held-out text; in bits per byte where"
          + " tokenizers differ."
    })
final class CompareCommand implements Callable<Integer> {

  @Mixin private PointsOptions points;

  @Option(
      names = "--budget",
      paramLabel = "C",
      split = ",",
      converter = CountConverter.class,
      description =
          "Training FLOPs at which to compare N*, D* and loss; may be given more than once."
              + " Default: the highest that both have measured.")
  private List<Double> budgets = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where to write compare.json, compare.html and figures. Default: runs/<their names>.")
  private Optional<Path> out;

  @Mixin private IntervalOptions intervals;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<Path> sources = points.sources();
    if (sources.size() < 2) {
      throw BadInputException.of(
          "%s: is alone, name at least one more sweep or table to compare with it", sources.get(0));
    }
    Map<String, LossPoints> read = points.readEach();
    Path folder = AnalysisOutput.folder(out, sources);
    List<Comparison.Input> inputs =
        read.entrySet().stream()
            .map(set -> new Comparison.Input(set.getKey(), set.getValue()))
            .toList();
    List<SweepRecipe> recipes =
        IntStream.range(0, sources.size())
            .mapToObj(i -> SweepRecipe.of(inputs.get(i).name(), sources.get(i)))
            .toList();
    Comparison found =
        Comparison.of(
            inputs,
            i -> recipes.get(0).against(recipes.get(i)),
            budgets,
            intervals.settings(OptionalDouble.empty()));
    ComparisonJson.write(found, folder);
    Report.compare(found, folder);
    PrintWriter screen = spec.commandLine().getOut();
    screen.print(ComparisonText.text(found));
    screen.println();
    screen.println("Comparison: " + folder.resolve("compare.html"));
    return 0;
  }
}
