package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** Returns the jobs that end in the horizon of a cell, in the plan's order. */
  public List<JobForecast> horizons() {
    return runs(Horizon.Use.POINT);
  }

  /** Returns the jobs that end in a horizon for one use, in the plan's order. */
  public List<JobForecast> runs(Horizon.Use use) {
    return jobs.stream().filter(forecast -> forecast.job().isFor(use)).toList();
  }

  /** Returns one of the horizons of every cell and seed, whichever settings it is trained with. */
  public List<JobForecast> points() {
    Map<List<Object>, JobForecast> points = new LinkedHashMap<>();
    for (JobForecast forecast : horizons()) {
      Job job = forecast.job();
      points.putIfAbsent(List.of(Place.of(job), job.seed()), forecast);
    }
    return List.copyOf(points.values());
  }

  /** Returns the points that are not of the first seed of their cell, in the plan's order. */
  public List<JobForecast> repeats() {
    List<JobForecast> repeats = new ArrayList<>(points());
    repeats.removeAll(ofFirstSeeds());
    return repeats;
  }

  /** Returns the horizons of every cell's first seed, in the plan's order. */
  List<JobForecast> ofFirstSeeds() {
    Map<Place, Long> first = new HashMap<>();
    for (JobForecast forecast : horizons()) {
      first.merge(Place.of(forecast.job()), forecast.job().seed(), Math::min);
    }
    return horizons().stream()
        .filter(forecast -> forecast.job().seed() == first.get(Place.of(forecast.job())))
        .toList();
  }

  /** Returns the exact training FLOPs of all jobs; what horizons share is counted once. */
  public double flops() {
    return jobs.stream().mapToDouble(forecast -> forecast.job().flops()).sum();
  }

  /** Returns the exact training FLOPs that the same horizons would take as runs of their own. */
  public double separateFlops() {
    return jobs.stream()
        .flatMap(forecast -> forecast.job().horizon().stream())
        .mapToDouble(Horizon::flops)
        .sum();
  }

  /** Returns how long the jobs take. */
  public JobTimes times() {
    return new JobTimes(
        jobs.stream().map(JobForecast::job).toList(),
        jobs.stream()
            .collect(Collectors.toMap(forecast -> forecast.job().id(), JobForecast::seconds)));
  }

  /**
   * Returns the seconds until the last job ends, see {@link JobTimes#untilAllEnd}.
   *
   * @param slots jobs that run at once, at least 1
   */
  public double seconds(int slots) {
    return times().untilAllEnd(slots, Set.of());
  }
}
