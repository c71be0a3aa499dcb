package org.isoflop.harness.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the jobs of a plan go on from each other. */
public final class Lineages {

  private final Map<String, Job> byId;
  private final Map<String, List<Job>> children;

  /** Lays out all jobs of one plan. */
  public Lineages(List<Job> jobs) {
    byId = jobs.stream().collect(Collectors.toMap(Job::id, Function.identity()));
    children =
        jobs.stream()
            .filter(job -> job.parent().isPresent())
            .collect(Collectors.groupingBy(job -> job.parent().orElseThrow()));
  }

  /** Returns the jobs from initial weights to this one, which is the last of them. */
  public List<Job> of(Job job) {
    Deque<Job> lineage = new ArrayDeque<>();
    Optional<Job> ancestor = Optional.of(job);
    while (ancestor.isPresent()) {
      lineage.addFirst(ancestor.get());
      ancestor = ancestor.get().parent().map(byId::get);
    }
    return List.copyOf(lineage);
  }

  /** Returns the id of a job's trunk, which is that of its first job. */
  public String trunk(Job job) {
    return of(job).get(0).id();
  }

  /** Returns the job whose end state this one goes on from. */
  public Optional<Job> parent(Job job) {
    return job.parent().map(byId::get);
  }

  /** Returns the jobs that go on from this one, in the plan's order. */
  public List<Job> children(Job job) {
    return children.getOrDefault(job.id(), List.of());
  }

  /** Returns the job in whose horizon a stretch of a trunk ends by its branch; or this one. */
  public Job branch(Job job) {
    return job.horizon().isPresent()
        ? job
        : children(job).stream()
            .filter(child -> child.horizon().isPresent())
            .findFirst()
            .orElseThrow();
  }
}
