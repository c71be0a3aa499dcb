package org.isoflop.harness.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.sweep.SweepFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoflop analyze}: exponents and report from a sweep's folder or from any CSV. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    description = {
      "Fits IsoFLOP optima and exponents to loss points and writes the report.",
      "A CSV needs the columns budget_flops, params, tokens and loss."
    })
final class AnalyzeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR|CSV", description = "A sweep's folder, or a CSV of loss points.")
  private Path source;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where to write analysis and report. Default: the sweep's folder; for a CSV,"
              + " runs/<its name>.")
  private Optional<Path> out;

  @Option(
      names = "--replicates",
      paramLabel = "N",
      description = "Bootstrap replicates behind the intervals. Default: 2000.")
  private Optional<Integer> replicates;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the bootstrap. Default: 1.")
  private Optional<Long> seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!Files.exists(source)) {
      throw BadInputException.of(
          "%s: there is no such file or folder, name a sweep's folder or a CSV of loss points",
          source);
    }
    out.ifPresent(AtomicFiles::checkFolder);
    analysis().run(spec.commandLine().getOut());
    return 0;
  }

  private SweepAnalysis analysis() {
    if (!Files.isDirectory(source)) {
      return SweepAnalysis.ofCsv(source, out.orElseGet(this::besideOtherRuns), settings());
    }
    SweepFolder folder = new SweepFolder(source);
    if (!Files.exists(folder.points())) {
      throw BadInputException.of(
          "%s: has no points.csv; give a sweep's folder with a finished job, or a CSV", source);
    }
    return SweepAnalysis.ofSweep(folder, out.orElse(source), settings());
  }

  private Path besideOtherRuns() {
    String name = source.getFileName().toString().replaceFirst("\\.csv(\\.gz)?$", "");
    Path folder = Path.of("runs").resolve(name);
    if (new SweepFolder(folder).exists()) {
      throw BadInputException.of(
          "%s: holds a sweep of that name, use --out with another folder", folder);
    }
    return folder;
  }

  private AnalysisSettings settings() {
    AnalysisSettings defaults = AnalysisSettings.defaults();
    int count = replicates.orElse(defaults.replicates());
    if (count < 100 || count > 1_000_000) {
      throw BadInputException.of("--replicates: %d is out of range, use 100 to 1000000", count);
    }
    return new AnalysisSettings(seed.orElse(defaults.seed()), count);
  }
}
