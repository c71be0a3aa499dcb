package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.config.SweepConfig;
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
      "Run again with the same configuration, it goes on where it stopped."
    })
final class SweepCommand implements Callable<Integer> {

  /** Long enough to save the checkpoints of all slots. */
  private static final long SECONDS_TO_STOP = 30;

  @Mixin private SweepOptions options;

  @Option(
      names = "--progress",
      paramLabel = "auto|bars|lines|none",
      defaultValue = "auto",
      description =
          "How to show progress; auto is bars on a terminal and lines elsewhere. Default:"
              + " ${DEFAULT-VALUE}.")
  private ProgressKind progress;

  @Option(names = "--full", description = SweepAnalysis.FULL)
  private boolean full;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SweepConfig config = options.config();
    Sweep.Settings settings = options.settings();
    SweepFolder folder = options.folder(config);
    Sweep sweep = new Sweep(config, options.configFile(), folder, settings);
    out.println("sweep   " + config.name() + " in " + folder.path());
    out.println("device  " + DeviceOption.description(settings.device()));

    Sweep.Outcome outcome;
    try (SweepDisplay display =
            progress.display(out, spec.commandLine().getErr(), settings.slots());
        Stop stop = new Stop()) {
      outcome = sweep.run(display, stop.asked::get);
    }
    if (outcome.stopped()) {
      out.println("Stopped. The same command goes on from here.");
      return 1;
    }
    out.println();
    long diverged = SweepStatus.read(folder).count(SweepStatus.State.DIVERGED);
    if (diverged > 0) {
      out.printf(
          "%d of %d jobs diverged and are kept out of the fits; isoflop status %s says why.%n%n",
          diverged, outcome.jobs(), folder.path());
    }
    SweepAnalysis.ofSweep(folder, AnalysisSettings.defaults())
        .run(LossPoints.read(folder.points()), folder.path(), out, full);
    if (outcome.failed() > 0) {
      out.printf(
          "%d of %d jobs failed; their reasons stand in %s. The same command tries them again.%n",
          outcome.failed(), outcome.jobs(), folder.path().resolve("jobs/<job>/failure.txt"));
      return 1;
    }
    return 0;
  }

  /** Turns SIGINT and SIGTERM into a stop that saves checkpoints. */
  private static final class Stop implements AutoCloseable {

    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "stop");

    Stop() {
      Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stopAndWait() {
      asked.set(true);
      try {
        if (!ended.await(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
          System.err.println("isoflop: not all checkpoints could be saved in time");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      ended.countDown();
      if (!asked.get()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }
}
