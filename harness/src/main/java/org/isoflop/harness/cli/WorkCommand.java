package org.isoflop.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.isoflop.harness.sweep.DiskFullException;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.sweep.Worker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoflop work}: one worker on a sweep that has been planned. */
@Command(
    name = "work",
    mixinStandardHelpOptions = true,
    description = {
      "Trains jobs of a sweep that the sweep command has begun, one at a time, until none is left.",
      "Any number of workers may share the folder, on one machine or on many.",
      "Ctrl-C and kill save the job at hand and end the worker; a second time, at once."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:no job is left",
      "1:none is left, but some failed",
      "2:the input is wrong",
      "74:the disk is full",
      "129, 130, 143:stopped by a terminal that closed, by Ctrl-C, by kill"
    })
final class WorkCommand implements Callable<Integer> {

  /** How long a worker whose sweep is no more has for the step at hand and for saving its job. */
  private static final Duration ORPHAN = Duration.ofSeconds(3);

  @Parameters(paramLabel = "DIR", description = "The sweep's folder.")
  private Path path;

  @Mixin private DeviceOption device;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Workers that share the device, this one among them: each takes its part of the memory."
              + " Default: ${DEFAULT-VALUE}.")
  private int slots;

  @Option(
      names = "--of-a-sweep",
      hidden = true,
      description = "Started by a sweep: ends when its standard input does, and when it is killed.")
  private boolean ofASweep;

  @Spec private CommandSpec spec;

  private final AtomicBoolean orphaned = new AtomicBoolean();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    SweepFolder folder = new SweepFolder(path);
    SweepOptions.checkSlots(slots);
    try (StopSignals signals =
        ofASweep ? StopSignals.ofKillAlone(err::println) : new StopSignals(err::println)) {
      if (ofASweep) {
        Thread watch = new Thread(() -> endWithTheSweep(signals), "sweep-watch");
        watch.setDaemon(true);
        watch.start();
      }
      try {
        new Worker(folder, device.device(), slots, out::println)
            .run(() -> orphaned.get() || signals.asked())
            .forEach(
                (job, why) -> err.println("isoflop: " + job + " cannot be written to: " + why));
      } catch (DiskFullException e) {
        err.println("isoflop: " + e.getMessage());
        return DiskFullException.EXIT_CODE;
      }
      signals.deaf();
      if (signals.exitCode() != 0) {
        return signals.exitCode();
      }
      return SweepStatus.read(folder).count(SweepStatus.State.FAILED) > 0 ? 1 : 0;
    }
  }

  /** Waits for the end of the standard input, which comes with the death of who started this. */
  private void endWithTheSweep(StopSignals signals) {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes, but let them.
      }
      boolean asked = signals.exitCode() != 0;
      orphaned.set(true);
      if (!asked) { // else a second signal ended the sweep: at once
        Thread.sleep(ORPHAN.toMillis());
      }
    } catch (IOException | InterruptedException e) {
      // As good as the end.
    }
    StopSignals.killThisProcess();
  }
}
