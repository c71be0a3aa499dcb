package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How long jobs take of which some go on from others: each with all that waits for it, and all of
 * them together.
 *
 * @param jobs parents before their children; one whose parent is not among them waits for nothing
 * @param seconds of every job alone, by its id
 */
public record JobTimes(List<Job> jobs, Map<String, Double> seconds) {

  /** Copies both. */
  public JobTimes {
    jobs = List.copyOf(jobs);
    seconds = Map.copyOf(seconds);
  }

  /** Takes jobs of which something says how long each one takes. */
  public static <T> JobTimes of(
      List<T> all, Function<T, Job> job, ToDoubleFunction<T> secondsOfJob) {
    return new JobTimes(
        all.stream().map(job).toList(),
        all.stream()
            .collect(Collectors.toMap(one -> job.apply(one).id(), secondsOfJob::applyAsDouble)));
  }

  /** Returns by job id the seconds of a job and of the longest chain of jobs that wait for it. */
  public Map<String, Double> chains() {
    Map<String, Double> longestAfter = new HashMap<>();
    Map<String, Double> chains = new HashMap<>();
    for (int i = jobs.size() - 1; i >= 0; i--) {
      Job job = jobs.get(i);
      double chain = seconds.get(job.id()) + longestAfter.getOrDefault(job.id(), 0.0);
      chains.put(job.id(), chain);
      job.parent().ifPresent(parent -> longestAfter.merge(parent, chain, Math::max));
    }
    return chains;
  }

  /**
   * Returns the seconds until the last job ends, when of the jobs whose parents are done those with
   * the longest chain behind them start first, and each worker is as fast as one alone.
   *
   * @param workers jobs that run at once, at least 1
   * @param running ids of the jobs that run already
   */
  public double untilAllEnd(int workers, Set<String> running) {
    Checks.check(workers >= 1, "workers must be at least 1, are %d", workers);
    Map<String, Double> chains = chains();
    Map<String, List<Job>> children = new HashMap<>();
    PriorityQueue<Job> ready =
        new PriorityQueue<>(Comparator.comparingDouble((Job job) -> -chains.get(job.id())));
    PriorityQueue<Taken> taken = new PriorityQueue<>(Comparator.comparingDouble(Taken::until));
    Set<String> before = new HashSet<>();
    for (Job job : jobs) {
      if (running.contains(job.id())) {
        taken.add(new Taken(job, seconds.get(job.id())));
      } else if (job.parent().filter(before::contains).isPresent()) {
        children.computeIfAbsent(job.parent().get(), p -> new ArrayList<>()).add(job);
      } else {
        ready.add(job);
      }
      before.add(job.id());
    }
    double now = 0;
    while (!ready.isEmpty() || !taken.isEmpty()) {
      while (taken.size() < workers && !ready.isEmpty()) {
        Job next = ready.remove();
        taken.add(new Taken(next, now + seconds.get(next.id())));
      }
      Taken ended = taken.remove();
      now = ended.until();
      ready.addAll(children.getOrDefault(ended.job().id(), List.of()));
    }
    return now;
  }

  /** A job that a worker has. */
  private record Taken(Job job, double until) {}
}
