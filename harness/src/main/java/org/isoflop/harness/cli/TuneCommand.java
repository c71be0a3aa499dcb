package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningFit;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.sweep.Sweep;
import org.isoflop.harness.sweep.SweepFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code isoflop tune}: laws of learning rate and batch for a sweep, from small runs. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Tunes learning rate and batch for the sweep of a configuration: trains small cells with many"
          + " settings, a round at a time, fits power laws of params and tokens to them, and writes"
          + " them into a folder that the sweep can name, learning_rate: {law: FOLDER}. Then it"
          + " tries weight decay, warm-up and beta2 at the cheapest cells and says whether they"
          + " matter.",
      "Run again, it goes on where it stopped; with a larger share it goes on from its end."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a job failed, the disk was full, or the runs show no laws",
      "2:the input is wrong, nothing was written",
      "129, 130, 143:stopped by a terminal that closed, by Ctrl-C, by kill"
    })
final class TuneCommand implements Callable<Integer> {

  private static final double LARGEST_SHARE = 10;

  @Mixin private SweepOptions options;

  @Option(
      names = "--share",
      paramLabel = "X",
      defaultValue = "0.15",
      description = "FLOPs of all runs over those of the sweep. Default: ${DEFAULT-VALUE}.")
  private double share;

  @Option(names = "--dry-run", description = "Say what it would begin with and cost, and end.")
  private boolean dryRun;

  @Mixin private ProgressKind.Asked progress;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (!(share > 0 && share <= LARGEST_SHARE)) {
      throw BadInputException.of(
          "--share: %s is out of range, use more than 0 and at most 10", share);
    }
    try (StopSignals signals = new StopSignals(err::println)) {
      SweepConfig config = SweepConfig.readToTune(options.configFile());
      Sweep.Settings settings = options.settings();
      SweepFolder folder = options.folder(config, "-tuned");
      // A sweep of any cells knows the corpus and the device; those to tune on follow from both.
      Sweep any =
          new Sweep(config.tuning(anyCells(config)), options.configFile(), folder, settings);
      out.println("tune    " + config.name() + " in " + folder.path());
      out.println("device  " + DeviceOption.description(settings.device()));
      new SweepHeader(out).preparing("reading the corpus");
      CorpusStatistics corpus = any.corpus();
      out.println("corpus  " + CorpusText.describe(corpus));
      DataFacts facts = any.facts(corpus);
      TuningSweep tuning = new TuningSweep(config, folder, facts, share);
      Set<Trial> asked = tuning.asked();
      out.println(
          Quantities.format(
              "share   %s of the sweep's %s FLOPs: %s",
              Quantities.digits(share),
              Quantities.flops(tuning.sweepFlops()),
              Quantities.flops(tuning.flops())));
      if (dryRun) {
        Sweep first = sweep(tuning, asked, folder, settings);
        forecast(first, first.plan(corpus), tuning, out);
        return 0;
      }
      Sweep.Outcome outcome = train(tuning, asked, folder, settings, signals);
      if (outcome.stopped()) {
        out.println(StopSignals.GO_ON);
        return signals.exitCode();
      }
      signals.deaf();
      if (outcome.failed() > 0) {
        out.printf(
            "%d of %d jobs failed; their reasons stand in %s. The same command tries them again.%n",
            outcome.failed(), outcome.jobs(), folder.path().resolve("jobs/<job>/failure.txt"));
        return 1;
      }
      return result(tuning, config, facts, folder.path(), out);
    }
  }

  /** Trains round after round, until it is enough, something failed or it is to stop. */
  private Sweep.Outcome train(
      TuningSweep tuning,
      Set<Trial> asked,
      SweepFolder folder,
      Sweep.Settings settings,
      StopSignals signals) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    while (true) {
      Sweep.Outcome outcome;
      try (SweepDisplay display = progress.display(new RoundHeader(out), err)) {
        signals.sayOn(display::remark);
        outcome = sweep(tuning, asked, folder, settings).run(display, signals::asked);
      }
      signals.sayOn(err::println);
      if (outcome.stopped() || outcome.failed() > 0) {
        return outcome;
      }
      List<Trial> next = tuning.next(asked);
      if (next.isEmpty()) {
        return outcome;
      }
      asked.addAll(next);
    }
  }

  private Sweep sweep(
      TuningSweep tuning, Set<Trial> asked, SweepFolder folder, Sweep.Settings settings) {
    return new Sweep(tuning.config(asked), options.configFile(), folder, settings);
  }

  private static List<GridCell> anyCells(SweepConfig config) {
    return List.of(new GridCell(config.grid().budgets().get(0), 1, OptionalLong.empty()));
  }

  /** Says what it would begin with, and what all of it may take. */
  private static void forecast(Sweep first, Plan plan, TuningSweep tuning, PrintWriter out) {
    out.println();
    out.println("The first round:");
    plan.horizons()
        .forEach(
            run ->
                out.println(
                    Quantities.format(
                        "  %-28s %7s params, %7s tokens, batch %5s, learning rate %s",
                        run.job().id(),
                        Quantities.count((double) run.job().decoder().parameters().total()),
                        Quantities.count((double) run.job().horizon().orElseThrow().tokens()),
                        Quantities.count((double) run.job().batchTokens()),
                        Quantities.digits(run.job().schedule().peak()))));
    double seconds = plan.seconds(first.machine().lanes());
    out.println(
        Quantities.format(
            "%d runs, %s FLOPs, %s. Later rounds follow from what comes of it; the whole share"
                + " takes about %s.",
            plan.jobs().size(),
            Quantities.flops(plan.flops()),
            Quantities.duration(seconds),
            Quantities.duration(seconds * tuning.flops() / plan.flops())));
    out.flush();
  }

  private int result(
      TuningSweep tuning, SweepConfig config, DataFacts facts, Path folder, PrintWriter out) {
    List<TuningRun> runs = tuning.runs();
    Fitted<TunedLaws> laws = TuningFit.of(runs);
    if (laws.refused().isPresent()) {
      tuning.forget();
      out.println(
          "No laws: "
              + laws.refused().get()
              + ". A larger --share goes on from here; the runs stand in "
              + folder.resolve("points.csv")
              + ".");
      return 1;
    }
    TunedResult result =
        new TunedResult(
            laws.value().orElseThrow(),
            ChangeEffects.of(runs),
            config,
            tuning.targets(),
            runs.size(),
            runs.stream().mapToDouble(run -> run.cell().budget()).sum(),
            facts.vocabulary());
    result.write(tuning.file());
    result.report(runs, folder);
    out.println();
    new TunedScreen(result).lines(folder).forEach(out::println);
    out.println("Report: " + folder.resolve("tuned.html"));
    return 0;
  }

  /** What a round says before it trains: a line, and nothing of a whole sweep's plan. */
  private static final class RoundHeader extends SweepHeader {

    RoundHeader(PrintWriter out) {
      super(out);
    }

    @Override
    void preparing(String what) {}

    @Override
    void planned(CorpusStatistics corpus, Plan plan, Set<String> ended) {
      out()
          .println(
              Quantities.format(
                  "round   %d runs, %s FLOPs, %d of them done already",
                  plan.jobs().size(), Quantities.flops(plan.flops()), ended.size()));
    }
  }
}
