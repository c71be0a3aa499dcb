package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.train.JobResult;

/**
 * Shows a tuning's rounds as sweeps are shown, but without what is said of a whole sweep's plan.
 */
final class TuneDisplay implements SweepDisplay {

  private final SweepDisplay jobs;
  private final PrintWriter out;

  TuneDisplay(SweepDisplay jobs, PrintWriter out) {
    this.jobs = jobs;
    this.out = out;
  }

  @Override
  public void preparing(String what) {}

  @Override
  public void planned(CorpusStatistics corpus, Plan plan, Set<String> ended) {
    out.println(
        Quantities.format(
            "round   %d runs, %s FLOPs, %d of them done already",
            plan.jobs().size(), Quantities.flops(plan.forecast().flops()), ended.size()));
  }

  @Override
  public void seen(SweepStatus status) {
    jobs.seen(status);
  }

  @Override
  public void started(Job job, long step) {
    jobs.started(job, step);
  }

  @Override
  public void progressed(Job job, long step, double loss, double tokensPerSecond) {
    jobs.progressed(job, step, loss, tokensPerSecond);
  }

  @Override
  public void ended(Job job, JobResult result) {
    jobs.ended(job, result);
  }

  @Override
  public void noted(Job job, String sentence) {
    jobs.noted(job, sentence);
  }

  @Override
  public void failed(Job job, String reason) {
    jobs.failed(job, reason);
  }

  @Override
  public void remark(String line) {
    jobs.remark(line);
  }

  @Override
  public void close() {
    jobs.close();
  }
}
