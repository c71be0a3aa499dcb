package org.isoflop.harness.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.Plan;

/**
 * How far a sweep is, in forecast seconds of its jobs, and from that when it will end. Safe for use
 * by several jobs' threads.
 */
final class SweepProgress {

  private final Map<String, Double> expectedSeconds = new HashMap<>();
  private final Map<String, Double> doneFraction = new HashMap<>();
  private final long startNanos = System.nanoTime();
  private final double fractionAtStart;

  /** Begins with the jobs that an earlier run has ended. */
  SweepProgress(Plan plan, Set<String> ended) {
    for (JobForecast forecast : plan.forecast().jobs()) {
      String id = forecast.job().id();
      expectedSeconds.put(id, forecast.seconds());
      doneFraction.put(id, ended.contains(id) ? 1.0 : 0.0);
    }
    fractionAtStart = fraction();
  }

  /** Says that a job is at a step. */
  synchronized void at(Job job, long step) {
    doneFraction.put(job.id(), (double) step / job.steps());
  }

  /** Returns the share of the sweep that is done, from 0 to 1. */
  final synchronized double fraction() {
    double all = 0;
    double done = 0;
    for (Map.Entry<String, Double> job : expectedSeconds.entrySet()) {
      all += job.getValue();
      done += job.getValue() * doneFraction.get(job.getKey());
    }
    return all == 0 ? 1 : done / all;
  }

  /** Returns the time left at the speed so far. */
  synchronized Duration left() {
    double now = fraction();
    double gained = now - fractionAtStart;
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    return gained <= 0
        ? Duration.ZERO
        : Duration.ofMillis(Math.round(1000 * seconds * (1 - now) / gained));
  }
}
