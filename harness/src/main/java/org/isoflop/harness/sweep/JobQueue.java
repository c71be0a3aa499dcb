package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobTimes;
import org.isoflop.harness.train.FailureReason;
import org.isoflop.harness.train.JobResult;

/**
 * The jobs of a sweep's folder as a queue that any number of workers take from: what is done,
 * failed or taken stands in the jobs' folders and nowhere else.
 *
 * <p>One worker goes through the plan as it stands, smallest budget first, so that a person can
 * look at results early; several start with the longest chains of jobs, so that none runs alone at
 * the end.
 */
final class JobQueue {

  private final SweepFolder folder;
  private final WorkerPlan plan;
  private final List<Job> order;
  private final Map<String, Job> byId;

  /** Jobs that have ended, by id; they never begin again. */
  private final Set<String> ended = new HashSet<>();

  /** Jobs that can be claimed no more although nothing could be written about it, and why. */
  private final Map<String, String> unusable = new TreeMap<>();

  JobQueue(SweepFolder folder, WorkerPlan plan) {
    this.folder = folder;
    this.plan = plan;
    this.order = order(plan);
    this.byId = order.stream().collect(Collectors.toMap(Job::id, Function.identity()));
  }

  private static List<Job> order(WorkerPlan plan) {
    JobTimes times = plan.times();
    if (plan.workers() == 1) {
      return times.jobs();
    }
    Map<String, Double> chains = times.chains();
    return times.jobs().stream()
        .sorted(Comparator.comparingDouble((Job job) -> chains.get(job.id())).reversed())
        .toList();
  }

  /** Returns the plan whose jobs these are. */
  WorkerPlan plan() {
    return plan;
  }

  /** Returns how many jobs can still be trained, by whomever, now or later. */
  int left() {
    return (int) order.stream().filter(job -> isLeft(job) && !isBlocked(job)).count();
  }

  /** Returns the jobs of which nothing can be written, by id, and why. */
  Map<String, String> unusable() {
    return unusable;
  }

  /** Claims the next job that can be trained now and that nobody else has. */
  Optional<Claim> next() {
    for (Job job : order) {
      if (!isLeft(job) || !job.parent().map(this::hasEnded).orElse(true)) {
        continue;
      }
      try {
        Optional<Claim> claim = Claim.of(job, folder);
        if (claim.isPresent()) {
          if (isOurs(claim.get())) {
            return claim;
          }
          claim.get().close();
        }
      } catch (IOException e) {
        if (FailureReason.isDiskFull(e)) {
          throw new DiskFullException("disk full: cannot write " + e.getMessage());
        }
        unusable.put(job.id(), e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Whether the job still is to be trained, now that nobody else can have it. */
  private boolean isOurs(Claim claim) throws IOException {
    Job job = claim.job();
    AtomicFiles.lookAnew(folder.job(job.id()).path());
    if (!isLeft(job)) {
      return false; // another worker ended it between our look and our claim
    }
    AtomicFiles.deleteTemporary(folder.job(job.id()).path());
    Optional<String> refusal = claim.refusal();
    refusal.ifPresent(reason -> fail(job, reason, Optional.empty()));
    return refusal.isEmpty();
  }

  private boolean isLeft(Job job) {
    return !hasEnded(job.id()) && !hasFailed(job.id());
  }

  /** Whether the job goes on from one that failed, and so from nothing. */
  private boolean isBlocked(Job job) {
    return job.parent()
        .map(byId::get)
        .map(parent -> !hasEnded(parent.id()) && (hasFailed(parent.id()) || isBlocked(parent)))
        .orElse(false);
  }

  private boolean hasEnded(String id) {
    if (ended.contains(id)) {
      return true;
    }
    try {
      String identity = plan.conditions().identity(byId.get(id));
      if (JobResult.read(folder.job(id), identity).isEmpty()) {
        return false;
      }
      ended.add(id);
      return true;
    } catch (BadInputException e) {
      return false; // whoever claims the job fails it for this reason
    }
  }

  private boolean hasFailed(String id) {
    Path files = folder.job(id).path();
    return unusable.containsKey(id)
        || Files.exists(folder.failure(id))
        || (Files.exists(files) && !Files.isDirectory(files)); // SweepStatus names it
  }

  /** Writes why a job failed, for {@code status} and for people, then where that came from. */
  void fail(Job job, String reason, Optional<Throwable> failure) {
    try {
      AtomicFiles.writeText(
          folder.failure(job.id()),
          out -> {
            PrintWriter writer = new PrintWriter(out);
            writer.println(reason);
            failure.ifPresent(
                cause -> {
                  writer.println();
                  cause.printStackTrace(writer);
                });
            writer.flush();
          });
    } catch (UncheckedIOException e) {
      if (FailureReason.isDiskFull(e)) {
        throw new DiskFullException(FailureReason.of(e));
      }
      unusable.put(job.id(), e.getMessage());
    }
  }

  /** Forgets what failed in earlier runs, so that it is tried again. */
  void retryFailed() {
    for (Job job : order) {
      try {
        if (Files.isDirectory(folder.job(job.id()).path())) {
          Files.deleteIfExists(folder.failure(job.id()));
        }
      } catch (IOException e) {
        unusable.put(job.id(), e.getMessage());
      }
    }
  }
}
