package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoflop status}: where a sweep stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows what of a sweep is done, running, failed and left, and when it will end.")
final class StatusCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The sweep's folder.")
  private Path folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SweepStatus status = SweepStatus.read(new SweepFolder(folder));
    for (JobStatus job : status.jobs()) {
      out.println(line(job));
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%s: %d of %d jobs done, %d running, %d stopped half-way, %d left, %d diverged, %d failed%n",
        status.running() ? "running" : "not running",
        status.count(State.DONE),
        status.jobs().size(),
        status.count(State.RUNNING),
        status.count(State.STOPPED),
        status.count(State.LEFT),
        status.count(State.DIVERGED),
        status.count(State.FAILED));
    if (!status.left().isZero()) {
      long slots = Math.max(1, status.count(State.RUNNING));
      out.printf(
          "about %s of training left%s%n",
          Quantities.duration(status.left().dividedBy(slots)),
          status.running() ? "" : "; the sweep command goes on with it");
    }
    return 0;
  }

  private static String line(JobStatus job) {
    return String.format(
            Locale.ROOT,
            "%-24s %-9s %6d / %-6d %s %s",
            job.id(),
            job.state().name().toLowerCase(Locale.ROOT),
            job.step(),
            job.steps(),
            job.loss().map(loss -> String.format(Locale.ROOT, "loss %.4f", loss)).orElse(""),
            job.remark().orElse(""))
        .stripTrailing();
  }
}
