package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.ResultJson;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.sweep.BestSettings;
import org.isoflop.harness.sweep.SubmittedJobs;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.sweep.TimeLeft;
import org.isoflop.harness.sweep.WorkerPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoflop status}: where a sweep stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows what of a sweep is done, running, failed and left, and when it will end.")
final class StatusCommand implements Callable<Integer> {

  /** A forecast off by less than this is not worth a word. */
  private static final double AS_FORECAST = 1.1;

  @Parameters(paramLabel = "DIR", description = "The sweep's folder.")
  private Path path;

  @Option(
      names = "--json",
      description = "Print it as JSON, for programs; runs/README.md says what the fields mean.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SweepFolder folder = new SweepFolder(path);
    WorkerPlan plan = WorkerPlan.read(folder);
    SweepStatus status = SweepStatus.of(folder, plan);
    Map<String, SubmittedJobs.View> submitted = SubmittedJobs.views(folder);
    if (json) {
      out.println(json(status, submitted).tree().toPrettyString());
    } else {
      print(status, BestSettings.atEdges(folder, plan), submitted, out);
    }
    return 0;
  }

  private static void print(
      SweepStatus status,
      List<String> atEdges,
      Map<String, SubmittedJobs.View> submitted,
      PrintWriter out) {
    for (JobStatus job : status.jobs()) {
      out.println(line(job, status.bitsPerByte()));
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%s: %d of %d jobs done, %d running, %d stopped half-way, %d left, %d diverged, %d"
            + " failed%n",
        status.running() ? "running" : "not running",
        status.count(State.DONE),
        status.jobs().size(),
        status.count(State.RUNNING),
        status.count(State.STOPPED),
        status.count(State.LEFT),
        status.count(State.DIVERGED),
        status.count(State.FAILED));
    atEdges.forEach(out::println);
    submitted.forEach((scheduler, view) -> out.println(scheduler + ": " + view.sentence()));
    TimeLeft left = status.left();
    if (!left.ofJobs().isEmpty()) {
      out.printf(
          "about %s left with %s%s%s%n",
          Quantities.duration(left.seconds()),
          Quantities.plural(left.workers(), "worker"),
          left.ratio() < AS_FORECAST && left.ratio() > 1 / AS_FORECAST
              ? ""
              : "; so far jobs took "
                  + Quantities.digits(left.ratio())
                  + " times what the plan forecast",
          status.running() ? "" : "; the sweep command goes on with it");
    }
  }

  private static String line(JobStatus job, Optional<BitsPerByte> bits) {
    return Quantities.format(
            "%-24s %-9s %6d / %-6d %s %s",
            job.id(),
            name(job.state()),
            job.step(),
            job.job().lastStep(),
            job.loss().map(loss -> BitsPerByte.text(loss, bits, 4)).orElse(""),
            job.remark().orElse(""))
        .stripTrailing();
  }

  private Row json(SweepStatus status, Map<String, SubmittedJobs.View> submitted) {
    Row counts = new Row().with("all", status.jobs().size());
    for (State state : State.values()) {
      counts.put(name(state), status.count(state));
    }
    Row sweep =
        new Row()
            .with("folder", path.toString())
            .with("running", status.running())
            .with("counts", counts)
            .with("fraction_done", status.fraction())
            .with("seconds_left", status.left().seconds())
            .with("workers", status.left().workers())
            .with("seconds_over_forecast", status.left().ratio());
    submitted.forEach(
        (scheduler, view) ->
            sweep.put(
                scheduler,
                new Row()
                    .with("workers", view.workers())
                    .with("analyses", view.analyses())
                    .with("problem", view.problem())));
    return sweep.with("jobs", ResultJson.rows(status.jobs(), job -> json(job, status)));
  }

  private static Row json(JobStatus job, SweepStatus status) {
    return new Row()
        .with("job", job.id())
        .with("state", name(job.state()))
        .with("first_step", job.job().firstStep())
        .with("step", job.step())
        .with("last_step", job.job().lastStep())
        .with("loss", job.loss())
        .with("bits_per_byte", status.bitsPerByte().flatMap(bits -> job.loss().map(bits::of)))
        .with("tokens_per_second", job.tokensPerSecond())
        .with("forecast_seconds", job.planned().seconds())
        .with("seconds_left", status.left().ofJobs().get(job.id()))
        .with("remark", job.remark());
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
