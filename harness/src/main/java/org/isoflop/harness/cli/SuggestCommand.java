package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.DesignSearch;
import org.isoflop.harness.analysis.design.DesignSearch.Suggestion;
import org.isoflop.harness.analysis.design.DesignSimulation;
import org.isoflop.harness.analysis.design.LossSurface;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.TrainableCells;
import org.isoflop.harness.sweep.Environment;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.WorkerPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoflop suggest}: the next cells of a sweep, and the configuration that trains them. */
@Command(
    name = "suggest",
    mixinStandardHelpOptions = true,
    description = {
      "Names the cells that would shrink the interval of the top local exponent most for a number"
          + " of FLOPs, and writes a configuration that extends the sweep by them."
    })
final class SuggestCommand implements Callable<Integer> {

  private static final FrontierFit METHOD = RobustFit.ofCleanRuns();
  private static final long SEED = 1;

  @Parameters(paramLabel = "DIR", description = "The folder of a sweep with finished jobs.")
  private Path source;

  @Option(
      names = "--budget",
      paramLabel = "F",
      required = true,
      description = "FLOPs that all further cells may cost together, such as 1e15.")
  private double flops;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The configuration to write. Default: next.yaml in the sweep's folder.")
  private Optional<Path> out;

  @Option(
      names = "--replicates",
      paramLabel = "N",
      defaultValue = "400",
      description = "Simulated sweeps behind the standard errors. Default: ${DEFAULT-VALUE}.")
  private int replicates;

  @Option(names = "--force", description = "Replace the configuration where it is there already.")
  private boolean force;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Resampling resampling = new Resampling(SEED, ResamplingOptions.checked(replicates));
    SweepFolder folder = folder();
    SweepConfig config = SweepConfig.read(folder.config());
    Path file = file();
    List<LossPoint> points = LossPoints.read(folder.points()).points();
    LossSurface surface = known(LossSurface.measured(points));
    // Exactly one budget a group, whatever rounding the file has been through.
    List<DesignCell> cells =
        BudgetGroup.of(points).stream()
            .flatMap(
                group ->
                    group.points().stream()
                        .map(p -> new DesignCell(group.flops(), p.params(), p.tokens())))
            .toList();
    TrainableCells trainable = new TrainableCells(config, data(folder, config));
    DesignSearch search = new DesignSearch(surface, trainable);
    Suggestion suggestion = known(search.best(cells, flops));
    NextSweep next = NextSweep.of(config, planned(folder, config, points), suggestion);
    DesignSimulation simulation = new DesignSimulation(surface, METHOD, resampling);
    PrintWriter screen = spec.commandLine().getOut();
    SuggestionText text = new SuggestionText(suggestion, next.seeds());
    screen.print(text.table(cells, surface.noise()));
    screen.print(text.simulated(simulation, replicates, cells));
    AtomicFiles.writeText(
        file,
        writer -> {
          writer.write(
              "# Suggested by 'isoflop suggest "
                  + source
                  + " --budget "
                  + Quantities.flops(flops)
                  + "': extends that sweep, which keeps all that it has.\n");
          writer.write(next.config().toYaml());
        });
    screen.println();
    screen.println(
        "Configuration: "
            + file
            + "; 'isoflop sweep "
            + file
            + " --out "
            + source
            + "' trains what is new in it.");
    return 0;
  }

  private SweepFolder folder() {
    if (!(flops > 0) || Double.isInfinite(flops)) {
      throw BadInputException.of(
          "--budget: %s is not a number of FLOPs, use a positive one", flops);
    }
    SweepFolder folder = new SweepFolder(source);
    if (!folder.exists()) {
      throw BadInputException.of(
          "%s: is not the folder of a sweep (no sweep.yaml), name one that 'isoflop sweep' wrote",
          source);
    }
    if (!Files.exists(folder.points())) {
      throw BadInputException.of(
          "%s: has no points.csv, so nothing is known yet; 'isoflop sweep' writes it when it ends",
          source);
    }
    return folder;
  }

  private Path file() {
    Path file = out.orElseGet(() -> source.resolve("next.yaml"));
    AtomicFiles.checkFile(file);
    if (Files.isRegularFile(file) && !force) {
      throw BadInputException.of(
          "%s: is there already; use --force to replace it, or --out with another file", file);
    }
    return file;
  }

  private <T> T known(Fitted<T> fitted) {
    return fitted
        .value()
        .orElseThrow(() -> BadInputException.of("%s: %s", source, fitted.refused().orElseThrow()));
  }

  /** Returns the sweep's runs: as it is planned or, without its plan, one for every point. */
  private static List<NextSweep.Run> planned(
      SweepFolder folder, SweepConfig config, List<LossPoint> points) {
    if (!Files.exists(folder.plan())) {
      Map<List<Double>, Long> next = new HashMap<>();
      long first = config.training().seed();
      return points.stream()
          .map(
              p -> {
                long seed = next.merge(List.of(p.budget(), p.params()), first, (s, one) -> s + 1);
                return new NextSweep.Run(p.budget(), p.params(), seed);
              })
          .toList();
    }
    return WorkerPlan.read(folder).jobs().stream()
        .map(WorkerPlan.PlannedJob::job)
        .filter(job -> job.point().isPresent())
        .map(
            job ->
                new NextSweep.Run(
                    job.point().get().budget(),
                    (double) job.decoder().parameters().total(),
                    job.seed()))
        .toList();
  }

  /** Returns what the sweep ran on; where its folder does not say, as much text as it takes. */
  private static DataFacts data(SweepFolder folder, SweepConfig config) {
    long trainTokens = Environment.trainTokens(folder.environment()).orElse(Long.MAX_VALUE);
    return new DataFacts(
        Math.max(0, trainTokens),
        Long.MAX_VALUE / 2,
        Environment.vocabulary(folder.environment(), config));
  }
}
