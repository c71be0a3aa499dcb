package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.report.Report;
import org.isoflop.harness.report.ReportInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code isoflop analyze}: exponents and report from sweeps' folders and from any CSV. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    description = {
      "Fits IsoFLOP optima and exponents to loss points and writes the report.",
      "A table needs the columns budget_flops, params, tokens and loss; --column says what it calls"
          + " them, --unit and --loss-unit what they are in."
    })
final class AnalyzeCommand implements Callable<Integer> {

  /** Each group gets a fit and a report, so more of them are a mistake about the column. */
  private static final int MOST_GROUPS = 100;

  private static final Pattern HELD = Pattern.compile("([ab])\\s*=\\s*([0-9]*\\.?[0-9]+)");

  @Mixin private PointsOptions points;

  @Option(
      names = "--group-by",
      paramLabel = "HEADER",
      description =
          "Analyses the rows of every value of a column apart, each in a folder of its own; source"
              + " is the file they come from.")
  private Optional<String> groupBy;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where to write analysis and report. Default: the sweep's folder; for CSV files and"
              + " pooled sources, runs/<their names>.")
  private Optional<Path> out;

  @Option(
      names = "--fix",
      paramLabel = "a=0.5|b=0.5",
      description =
          "Fits once more with the exponent of N* (a) or of D* (b, so that a is 1 - b) held at a"
              + " value, beside the free fit, and tests the one against the other.")
  private Optional<String> fix;

  @Option(names = "--full", description = SweepAnalysis.FULL)
  private boolean full;

  @Mixin private IntervalOptions intervals;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    AnalysisSettings settings = intervals.settings(held());
    PrintWriter screen = spec.commandLine().getOut();
    if (groupBy.isPresent()) {
      runGroups(groupBy.get(), settings, screen);
    } else {
      LossPoints input = points.read();
      Path folder = AnalysisOutput.folder(out, points.sources());
      SweepAnalysis.of(points.sources(), settings).run(input, folder, screen, full);
    }
    return 0;
  }

  private OptionalDouble held() {
    if (fix.isEmpty()) {
      return OptionalDouble.empty();
    }
    Matcher words = HELD.matcher(fix.get().strip());
    double value = words.matches() ? Double.parseDouble(words.group(2)) : 0;
    if (!(value > 0 && value < 1)) {
      throw BadInputException.of(
          "--fix: '%s' holds no exponent, use a=0.5 or b=0.5, with a value between 0 and 1",
          fix.get());
    }
    return OptionalDouble.of(words.group(1).equals("a") ? value : 1 - value);
  }

  private void runGroups(String column, AnalysisSettings settings, PrintWriter screen) {
    Map<String, LossPoints> groups = points.readGroups(column);
    if (groups.size() > MOST_GROUPS) {
      throw BadInputException.of(
          "--group-by: %s has %d different values, use a column with at most %d",
          column, groups.size(), MOST_GROUPS);
    }
    Path folder = AnalysisOutput.folder(out, points.sources());
    Iterator<Path> folders = AnalysisOutput.groupFolders(folder, groups.keySet()).iterator();
    SweepAnalysis all = SweepAnalysis.of(points.sources(), settings);
    List<ReportInput> sets = new ArrayList<>();
    groups.forEach(
        (value, input) -> {
          String group = column + " " + value;
          Path own = folders.next();
          screen.println("== " + group + " ==");
          if (input.points().isEmpty()) {
            screen.println("No usable row. " + String.join(" ", input.notes()));
          } else {
            ReportInput shown = all.ofGroup(group).run(input, own, screen, full);
            // A set of the comparison is called as its folder, so that it can be linked.
            sets.add(shown.called(String.valueOf(own.getFileName())));
          }
          screen.println();
        });
    if (!sets.isEmpty()) {
      Report.compare("By " + column, sets, folder);
      screen.println("Comparison: " + folder.resolve("compare.html"));
    }
  }
}
