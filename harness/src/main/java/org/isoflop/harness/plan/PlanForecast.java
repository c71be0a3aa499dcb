package org.isoflop.harness.plan;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What a plan will cost.
 *
 * @param jobs in the plan's order
 */
public record PlanForecast(List<JobForecast> jobs) {

  /** Copies the list. */
  public PlanForecast {
    jobs = List.copyOf(jobs);
  }

  /** Returns the exact training FLOPs of all jobs. */
  public double flops() {
    return jobs.stream().mapToDouble(forecast -> forecast.job().flops()).sum();
  }

  /**
   * Returns the seconds until the last job ends, when the longest jobs start first and each slot is
   * as fast as one slot alone.
   *
   * @param slots jobs that run at once, at least 1
   */
  public double seconds(int slots) {
    Checks.check(slots >= 1, "slots must be at least 1, are %d", slots);
    PriorityQueue<Double> busyUntil = new PriorityQueue<>();
    for (int i = 0; i < Math.min(slots, Math.max(1, jobs.size())); i++) {
      busyUntil.add(0.0);
    }
    jobs.stream()
        .map(JobForecast::seconds)
        .sorted(Comparator.reverseOrder())
        .forEach(seconds -> busyUntil.add(busyUntil.remove() + seconds));
    return busyUntil.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
