package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * What a plan will cost.
 *
 * @param jobs in the plan's order, parents before their children
 */
public record PlanForecast(List<JobForecast> jobs) {

  /** Copies the list. */
  public PlanForecast {
    jobs = List.copyOf(jobs);
  }

  /** Returns the jobs that end in a horizon, in the plan's order. */
  public List<JobForecast> horizons() {
    return jobs.stream().filter(forecast -> forecast.job().horizon().isPresent()).toList();
  }

  /** Returns the exact training FLOPs of all jobs; what horizons share is counted once. */
  public double flops() {
    return jobs.stream().mapToDouble(forecast -> forecast.job().flops()).sum();
  }

  /** Returns the exact training FLOPs that the same horizons would take as runs of their own. */
  public double separateFlops() {
    return horizons().stream()
        .mapToDouble(forecast -> forecast.job().horizon().orElseThrow().flops())
        .sum();
  }

  /** Returns by job id the seconds of a job and of the longest chain of jobs that wait for it. */
  public Map<String, Double> chainSeconds() {
    Map<String, Double> longestAfter = new HashMap<>();
    Map<String, Double> chains = new HashMap<>();
    for (int i = jobs.size() - 1; i >= 0; i--) {
      Job job = jobs.get(i).job();
      double chain = jobs.get(i).seconds() + longestAfter.getOrDefault(job.id(), 0.0);
      chains.put(job.id(), chain);
      job.parent().ifPresent(parent -> longestAfter.merge(parent, chain, Math::max));
    }
    return chains;
  }

  /**
   * Returns the seconds until the last job ends, when of the jobs whose parents are done those with
   * the longest chain behind them start first, and each slot is as fast as one slot alone.
   *
   * @param slots jobs that run at once, at least 1
   */
  public double seconds(int slots) {
    Checks.check(slots >= 1, "slots must be at least 1, are %d", slots);
    Map<String, Double> chains = chainSeconds();
    Map<String, List<JobForecast>> children = new HashMap<>();
    PriorityQueue<JobForecast> ready =
        new PriorityQueue<>(
            Comparator.comparingDouble((JobForecast job) -> -chains.get(job.job().id())));
    for (JobForecast forecast : jobs) {
      forecast
          .job()
          .parent()
          .ifPresentOrElse(
              parent -> children.computeIfAbsent(parent, p -> new ArrayList<>()).add(forecast),
              () -> ready.add(forecast));
    }
    PriorityQueue<Running> running =
        new PriorityQueue<>(Comparator.comparingDouble(Running::until));
    double now = 0;
    while (!ready.isEmpty() || !running.isEmpty()) {
      while (running.size() < slots && !ready.isEmpty()) {
        JobForecast next = ready.remove();
        running.add(new Running(next, now + next.seconds()));
      }
      Running ended = running.remove();
      now = ended.until();
      ready.addAll(children.getOrDefault(ended.forecast().job().id(), List.of()));
    }
    return now;
  }

  /** A job that holds a slot. */
  private record Running(JobForecast forecast, double until) {}
}
