package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.Status;

/** A line when a job ends and one every half minute between: what a log file should hold. */
final class LineDisplay extends SweepDisplay {

  private static final Duration BETWEEN = Duration.ofSeconds(30);

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean verbose;
  private Optional<SweepStatus> sweep = Optional.empty();
  private long lastNanos = System.nanoTime();

  /**
   * Makes a display.
   *
   * @param verbose whether to show progress, or only what went wrong
   */
  LineDisplay(SweepHeader header, PrintWriter err, boolean verbose) {
    super(header);
    this.out = header.out();
    this.err = err;
    this.verbose = verbose;
  }

  @Override
  public synchronized void seen(SweepStatus status) {
    sweep = Optional.of(status);
  }

  @Override
  public synchronized void started(Job job, long step) {
    if (verbose && step > job.firstStep()) {
      out.printf("%s goes on at step %d of %d%n", job.id(), step, job.lastStep());
    }
  }

  @Override
  public synchronized void progressed(Job job, long step, double loss, double tokensPerSecond) {
    if (verbose && System.nanoTime() - lastNanos > BETWEEN.toNanos()) {
      lastNanos = System.nanoTime();
      out.printf(
          Locale.ROOT,
          "%s step %d of %d, %s, %s tokens/s%s%n",
          job.id(),
          step,
          job.lastStep(),
          BitsPerByte.text(loss, sweep.flatMap(SweepStatus::bitsPerByte), 3),
          Quantities.count(tokensPerSecond),
          sweepState());
    }
  }

  @Override
  public synchronized void ended(Job job, JobResult result) {
    if (verbose) {
      lastNanos = System.nanoTime();
      out.println(end(job, result) + sweepState());
    } else if (result.status() == Status.DIVERGED) {
      err.println(end(job, result));
    }
  }

  @Override
  public synchronized void noted(Job job, String sentence) {
    err.println(job.id() + ": " + sentence);
  }

  @Override
  public synchronized void failed(Job job, String reason) {
    err.println(failure(job, reason));
  }

  @Override
  public synchronized void remark(String line) {
    err.println(line);
  }

  private String sweepState() {
    return sweep
        .map(
            seen ->
                Quantities.format(
                    " (%.0f%% of the sweep, about %s left)",
                    100 * seen.fraction(), Quantities.duration(seen.left().seconds())))
        .orElse("");
  }
}
