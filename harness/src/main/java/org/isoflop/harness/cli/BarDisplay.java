package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.train.JobResult;

/**
 * A bar for the sweep and one for each running job, redrawn in place at the bottom of a terminal;
 * what happened scrolls by above them and stays when they go.
 */
final class BarDisplay extends SweepDisplay {

  private static final long REDRAW_NANOS = 200_000_000;

  /** More jobs than this would not fit a small terminal, where nothing can be redrawn. */
  private static final int MOST_JOBS = 16;

  private static final int BAR_WIDTH = 24;

  // Escape sequences that every terminal of the last thirty years knows (ECMA-48, DEC VT100).
  private static final String UP = "\r\033[%dA";
  private static final String CLEAR_BELOW = "\033[J";
  private static final String WRAP_OFF = "\033[?7l";
  private static final String WRAP_ON = "\033[?7h";

  private final PrintWriter terminal;
  private final Map<String, String> barOfJob = new LinkedHashMap<>();
  private Optional<SweepStatus> sweep = Optional.empty();
  private int linesDrawn;
  private long drawnNanos = System.nanoTime() - REDRAW_NANOS;

  /**
   * Makes a display.
   *
   * @param header what is said before the bars
   * @param terminal the bars and what happens while they are there
   */
  BarDisplay(SweepHeader header, PrintWriter terminal) {
    super(header);
    this.terminal = terminal;
  }

  @Override
  public synchronized void seen(SweepStatus status) {
    sweep = Optional.of(status);
    drawNowAndThen();
  }

  @Override
  public synchronized void started(Job job, long step) {
    barOfJob.put(job.id(), bar(job.id(), job.fraction(step), ""));
    drawNowAndThen();
  }

  @Override
  public synchronized void progressed(Job job, long step, double loss, double tokensPerSecond) {
    double secondsLeft = (job.lastStep() - step) * job.batchTokens() / tokensPerSecond;
    barOfJob.put(
        job.id(),
        bar(
            job.id(),
            job.fraction(step),
            Quantities.format(
                "%s, %s tokens/s, %s left",
                sweep
                    .flatMap(SweepStatus::bitsPerByte)
                    .map(bits -> Quantities.format("%.3f bits/byte", bits.of(loss))) // in one line
                    .orElseGet(() -> BitsPerByte.text(loss, Optional.empty(), 3)),
                Quantities.count(tokensPerSecond),
                Quantities.duration(secondsLeft))));
    drawNowAndThen();
  }

  @Override
  public synchronized void ended(Job job, JobResult result) {
    barOfJob.remove(job.id());
    draw(end(job, result) + "\n");
  }

  @Override
  public synchronized void noted(Job job, String sentence) {
    draw(job.id() + ": " + sentence + "\n");
  }

  @Override
  public synchronized void failed(Job job, String reason) {
    barOfJob.remove(job.id());
    draw(failure(job, reason) + "\n");
  }

  @Override
  public synchronized void remark(String line) {
    draw(line + "\n");
  }

  @Override
  public synchronized void close() {
    sweep = Optional.empty();
    draw("");
  }

  private void drawNowAndThen() {
    if (System.nanoTime() - drawnNanos > REDRAW_NANOS) {
      draw("");
    }
  }

  /** Puts remarks where the bars begin, and the bars, unless it is over, below them. */
  private void draw(String remarks) {
    StringBuilder text = new StringBuilder();
    if (linesDrawn > 0) {
      text.append(Quantities.format(UP, linesDrawn)).append(CLEAR_BELOW);
      linesDrawn = 0;
    }
    text.append(remarks);
    if (sweep.isPresent()) {
      text.append(WRAP_OFF).append(bar(sweep.get())).append('\n');
      barOfJob.values().stream().limit(MOST_JOBS).forEach(bar -> text.append(bar).append('\n'));
      text.append(WRAP_ON);
      linesDrawn = 1 + Math.min(MOST_JOBS, barOfJob.size());
    }
    terminal.print(text);
    terminal.flush();
    drawnNanos = System.nanoTime();
  }

  private static String bar(SweepStatus sweep) {
    long ended = sweep.jobs().stream().filter(JobStatus::ended).count();
    return bar(
        "sweep",
        sweep.fraction(),
        Quantities.format(
            "%d of %d jobs, %s left",
            ended, sweep.jobs().size(), Quantities.duration(sweep.left().seconds())));
  }

  private static String bar(String name, double fraction, String remark) {
    int full = (int) Math.round(BAR_WIDTH * fraction);
    return Quantities.format(
        "%-24s %3.0f%% [%s%s] %s",
        name, 100 * fraction, "=".repeat(full), " ".repeat(BAR_WIDTH - full), remark);
  }
}
