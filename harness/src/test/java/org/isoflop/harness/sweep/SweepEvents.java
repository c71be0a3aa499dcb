package org.isoflop.harness.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.train.JobResult;

/** Remembers what it was told. */
public final class SweepEvents implements SweepObserver {
  Plan plan;
  final List<String> started = Collections.synchronizedList(new ArrayList<>());
  final List<String> ended = Collections.synchronizedList(new ArrayList<>());
  final List<String> failed = Collections.synchronizedList(new ArrayList<>());
  final List<String> remarks = Collections.synchronizedList(new ArrayList<>());

  /** Returns how many jobs have ended. */
  public int countEnded() {
    return ended.size();
  }

  @Override
  public void preparing(String what) {}

  @Override
  public void planned(CorpusStatistics corpus, Plan planned, Set<String> alreadyEnded) {
    plan = planned;
  }

  @Override
  public void seen(SweepStatus status) {}

  @Override
  public void started(Job job, long step) {
    started.add(job.id());
  }

  @Override
  public void progressed(Job job, long step, double loss, double tokensPerSecond) {}

  @Override
  public void ended(Job job, JobResult result) {
    ended.add(job.id());
  }

  @Override
  public void noted(Job job, String sentence) {}

  @Override
  public void failed(Job job, String reason) {
    failed.add(job.id());
  }

  @Override
  public void remark(String line) {
    remarks.add(line);
  }
}
