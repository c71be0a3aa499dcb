package org.isoflop.harness.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
  private double doneEarlier;

  /** Begins with the jobs that an earlier run has ended. */
  SweepProgress(Plan plan, Set<String> ended) {
    for (JobForecast forecast : plan.forecast().jobs()) {
      String id = forecast.job().id();
      expectedSeconds.put(id, forecast.seconds());
      doneFraction.put(id, ended.contains(id) ? 1.0 : 0.0);
    }
    doneEarlier = fraction();
  }

  /** Says that a job begins, or goes on, at a step; what an earlier run did is not its speed. */
  synchronized void begins(Job job, long step) {
    double before = fraction();
    at(job, step);
    doneEarlier += fraction() - before;
  }

  /** Says that a job is at a step. */
  synchronized void at(Job job, long step) {
    doneFraction.put(job.id(), job.fraction(step));
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

  /** Returns the time left at the speed so far; empty before there is one. */
  synchronized Optional<Duration> left() {
    double now = fraction();
    double gained = now - doneEarlier;
    double seconds = (System.nanoTime() - startNanos) * 1e-9;
    return gained <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.round(1000 * seconds * (1 - now) / gained)));
  }
}
