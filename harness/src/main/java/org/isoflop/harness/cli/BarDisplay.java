package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.train.JobResult;

/** A bar for the sweep and one for each slot's job, redrawn on a terminal. */
final class BarDisplay implements SweepDisplay {

  private static final int REDRAW_MILLISECONDS = 250;
  private static final long SWEEP_PARTS = 1000;

  private final PrintWriter out;
  private final int slots;
  private final Deque<ProgressBar> freeBars = new ArrayDeque<>();
  private final Map<String, ProgressBar> barOfJob = new HashMap<>();
  private final Deque<String> remarks = new ArrayDeque<>();
  private ProgressBar sweepBar;
  private SweepProgress progress;
  private int ended;
  private int jobs;

  BarDisplay(PrintWriter out, int slots) {
    this.out = out;
    this.slots = slots;
  }

  @Override
  public synchronized void planned(CorpusStatistics corpus, Plan plan, Set<String> alreadyEnded) {
    SweepHeader.print(out, corpus, plan, alreadyEnded);
    progress = new SweepProgress(plan, alreadyEnded);
    jobs = plan.jobs().size();
    ended = alreadyEnded.size();
    sweepBar = bar("sweep", SWEEP_PARTS);
    for (int slot = 0; slot < Math.min(slots, jobs - ended); slot++) {
      freeBars.add(bar("", 1));
    }
    showSweep();
  }

  @Override
  public synchronized void started(Job job, long step) {
    ProgressBar bar = freeBars.remove();
    barOfJob.put(job.id(), bar);
    bar.reset();
    bar.maxHint(job.steps());
    bar.stepTo(step);
    bar.setExtraMessage(" " + job.id());
    progress.begins(job, step);
  }

  @Override
  public synchronized void progressed(Job job, long step, double loss, double tokensPerSecond) {
    progress.at(job, step);
    ProgressBar bar = barOfJob.get(job.id());
    bar.stepTo(step);
    double secondsLeft = (job.steps() - step) * job.batchTokens() / tokensPerSecond;
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " %s loss %.3f, %s tok/s, %s left",
            job.id(),
            loss,
            Quantities.count(tokensPerSecond),
            Quantities.duration(secondsLeft)));
    showSweep();
  }

  @Override
  public synchronized void ended(Job job, JobResult result) {
    ended++;
    progress.at(job, job.steps());
    release(job);
    remarks.add(JobText.ended(job, result));
    showSweep();
  }

  @Override
  public synchronized void noted(Job job, String sentence) {
    remarks.add(job.id() + ": " + sentence);
  }

  @Override
  public synchronized void failed(Job job, Throwable reason) {
    release(job);
    remarks.add(JobText.failed(job, reason));
  }

  @Override
  public synchronized void close() {
    barOfJob.values().forEach(ProgressBar::close);
    freeBars.forEach(ProgressBar::close);
    if (sweepBar != null) {
      sweepBar.close();
    }
    remarks.forEach(out::println);
  }

  private void release(Job job) {
    ProgressBar bar = barOfJob.remove(job.id());
    if (bar != null) {
      freeBars.add(bar);
    }
  }

  private void showSweep() {
    sweepBar.stepTo(Math.round(SWEEP_PARTS * progress.fraction()));
    sweepBar.setExtraMessage(
        String.format(
            " %d of %d jobs%s",
            ended,
            jobs,
            progress.left().map(left -> ", " + Quantities.duration(left) + " left").orElse("")));
  }

  private static ProgressBar bar(String name, long parts) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(parts)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(REDRAW_MILLISECONDS)
        .hideEta()
        .clearDisplayOnFinish()
        .build();
  }
}
