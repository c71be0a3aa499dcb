package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.sweep.TimeLeft;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.junit.jupiter.api.Test;

/** What stands in a log file: an end a line, and what went wrong on the error output. */
final class LineDisplayTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Plan plan = Plans.ofSeconds(10, 30);
  private final Job first = plan.jobs().get(0);
  private final Job second = plan.jobs().get(1);

  @Test
  void aPersonReadsThePlanThenOneLineForEachEnd() {
    LineDisplay display = display(true);
    display.planned(Plans.CORPUS, plan, Set.of());
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    assertThat(out.toString().replaceAll("\\R  ", " ").lines())
        .containsExactly(
            "corpus  " + CorpusText.describe(Plans.CORPUS),
            "plan    2 jobs at 1 budget, 5.8e9 FLOPs",
            "dropped 1e9 FLOPs, 1.5M params: too large",
            "warning Two budgets cannot show a trend.",
            "");
    out.getBuffer().setLength(0);

    display.started(first, 0);
    display.progressed(first, 10, 5.5, 1e5);
    assertThat(out.toString()).as("within half a minute").isEmpty();
    display.seen(status());
    display.ended(first, done(first));
    assertThat(out.toString())
        .matches(
            "job-0 done: 7\\.\\d+k params, 64k tokens, loss 3\\.2500 in 4m 10s"
                + " \\(25% of the sweep, about 42s left\\)\\R");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void lossesOfTokensThatAreNotBytesAreInBitsPerByteFirst() {
    LineDisplay display = display(true);
    display.ended(first, done(first, new HorizonResult(3.25, 1.3)));
    assertThat(out.toString()).contains(", loss 1.3000 bits per byte (3.2500 nats) in 4m 10s");
    assertThat(BitsPerByte.text(3.25, BitsPerByte.perNat(0.4), 3))
        .isEqualTo("loss 1.300 bits per byte (3.250 nats)");
    assertThat(BitsPerByte.text(3.25, BitsPerByte.perNat(1.01 / Math.log(2)), 3))
        .as("bytes, and a separator now and then")
        .isEqualTo("loss 3.250");
    assertThat(BitsPerByte.perNat(Double.NaN)).isEmpty();
  }

  @Test
  void aJobThatGoesOnSaysWhere() {
    LineDisplay display = display(true);
    display.planned(Plans.CORPUS, plan, Set.of(first.id()));
    assertThat(out.toString()).contains("1 of them done already");
    out.getBuffer().setLength(0);
    display.started(second, 400);
    assertThat(out.toString().lines()).containsExactly("job-1 goes on at step 400 of 1000");
  }

  @Test
  void whatGoesWrongIsOneLineOfErrorOutputEvenWhenQuiet() {
    LineDisplay display = display(false);
    display.planned(Plans.CORPUS, plan, Set.of());
    out.getBuffer().setLength(0);

    display.started(first, 400);
    display.noted(first, "checkpoint step-800 cannot be used");
    display.ended(
        first,
        new JobResult(
            first.id(), "x", Status.DIVERGED, "it did", 0, 17, 0, 3, "cpu", "f", Optional.empty()));
    display.failed(second, "no memory");

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .containsExactly(
            "job-0: checkpoint step-800 cannot be used",
            "job-0 diverged after 3.0s: it did",
            "job-1 failed: no memory");
  }

  private SweepStatus status() {
    return new SweepStatus(
        true,
        List.of(job(first, State.DONE, 10, Plans.STEPS), job(second, State.RUNNING, 30, 0)),
        new TimeLeft(Map.of(second.id(), 42.0), 1.4, 2, 42),
        Optional.empty());
  }

  private static JobStatus job(Job job, State state, double seconds, long step) {
    return new JobStatus(
        new PlannedJob(job, seconds),
        state,
        step,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private LineDisplay display(boolean verbose) {
    return new LineDisplay(
        new SweepHeader(new PrintWriter(out, true)), new PrintWriter(err, true), verbose);
  }

  private static JobResult done(Job job) {
    return done(job, new HorizonResult(3.25, 4.7));
  }

  private static JobResult done(Job job, HorizonResult losses) {
    return new JobResult(
        job.id(),
        "x",
        Status.DONE,
        "",
        0,
        job.lastStep(),
        0,
        250,
        "cpu",
        "float32",
        Optional.of(losses));
  }
}
