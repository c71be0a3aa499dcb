package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.sweep.Scheduler;
import org.isoflop.harness.sweep.Sweep;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.SweepStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code isoflop sweep}: trains a plan, then analyses and reports it. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = {
      "Trains every job of a sweep, fits the exponents and writes the report.",
      "Run again with the same configuration, it goes on where it stopped.",
      "Ctrl-C and kill save the running jobs and stop it; a second time, they stop it at once."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a job failed, or the disk was full",
      "2:the input is wrong, nothing was written",
      "129, 130, 143:stopped by a terminal that closed, by Ctrl-C, by kill"
    })
final class SweepCommand implements Callable<Integer> {

  @Mixin private SweepOptions options;

  @Mixin private ExecutorOptions executor;

  @Mixin private ProgressKind.Asked progress;

  @Option(names = "--full", description = SweepAnalysis.FULL)
  private boolean full;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (StopSignals signals = new StopSignals(err::println)) {
      Optional<Scheduler> scheduler = executor.scheduler();
      Optional<Integer> workers = scheduler.map(one -> executor.workers());
      SweepConfig config = options.config();
      Sweep.Settings settings =
          scheduler.isPresent()
              ? options.onCluster(scheduler.get(), workers.get())
              : options.settings();
      SweepFolder folder = options.folder(config);
      Sweep sweep = new Sweep(config, options.configFile(), folder, settings);
      out.println("sweep   " + config.name() + " in " + folder.path());
      out.println("device  " + DeviceOption.description(settings.device()));

      if (scheduler.isPresent()) {
        List<String> own = executor.options(scheduler.get());
        try (SweepDisplay display = ProgressKind.LINES.display(new SweepHeader(out), err)) {
          sweep.submit(scheduler.get(), own, display).forEach(out::println);
        }
        return 0;
      }
      Sweep.Outcome outcome;
      try (SweepDisplay display = progress.display(new SweepHeader(out), err)) {
        signals.sayOn(display::remark);
        outcome = sweep.run(display, signals::asked);
      }
      signals.sayOn(err::println);
      signals.deaf();
      if (outcome.stopped()) {
        out.printf(
            "%s %d of %d jobs are done, %d are saved half-way.%n",
            StopSignals.GO_ON, outcome.done(), outcome.jobs(), outcome.halfWay());
        return signals.exitCode();
      }
      return analyse(folder, outcome, out);
    }
  }

  private int analyse(SweepFolder folder, Sweep.Outcome outcome, PrintWriter out) {
    String failures =
        Quantities.format(
            "%d of %d jobs failed%s; their reasons stand in %s. The same command tries them again.",
            outcome.failed(),
            outcome.jobs(),
            outcome.waiting() == 0
                ? ""
                : ", and " + outcome.waiting() + " that go on from them were not begun",
            folder.path().resolve("jobs/<job>/failure.txt"));
    if (outcome.points() == 0) {
      out.println(
          outcome.failed() > 0
              ? failures
              : "All jobs diverged, so there is nothing to analyse; use a lower learning rate.");
      return 1;
    }
    out.println();
    long diverged = SweepStatus.read(folder).count(SweepStatus.State.DIVERGED);
    if (diverged > 0) {
      out.printf(
          "%d of %d jobs diverged and are kept out of the fits; isoflop status %s says why.%n%n",
          diverged, outcome.jobs(), folder.path());
    }
    try {
      SweepAnalysis.ofSweep(folder, AnalysisSettings.defaults())
          .run(LossPoints.read(folder.points()), folder.path(), out, full);
    } finally {
      if (outcome.failed() > 0) {
        out.println(failures);
      }
    }
    return outcome.failed() > 0 ? 1 : 0;
  }
}
