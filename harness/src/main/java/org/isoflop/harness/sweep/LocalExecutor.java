package org.isoflop.harness.sweep;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.train.Trainer;

/**
 * Runs jobs in this JVM, one thread a slot. What goes wrong in one job ends that job alone.
 *
 * <p>One slot goes through the plan as it stands, smallest budget first, so that a person can look
 * at results early; several slots start with the longest jobs, so that none runs alone at the end.
 */
final class LocalExecutor {

  private final SweepFolder folder;
  private final Plan plan;
  private final PointsFile points;
  private final int slots;
  private final SweepObserver observer;

  LocalExecutor(
      SweepFolder folder, Plan plan, PointsFile points, int slots, SweepObserver observer) {
    this.folder = folder;
    this.plan = plan;
    this.points = points;
    this.slots = slots;
    this.observer = observer;
  }

  /** Makes the trainer of a job. */
  interface TrainerFactory {
    Trainer trainer(Job job);
  }

  /**
   * Runs all jobs of the plan that have no result.
   *
   * @param stop once true, every running job saves a checkpoint and no other one starts
   * @return how many jobs failed
   */
  int run(TrainerFactory trainers, BooleanSupplier stop) {
    AtomicInteger failures = new AtomicInteger();
    try (Slots pool = new Slots(slots)) {
      for (Job job : order()) {
        pool.executor.execute(
            () -> {
              if (!stop.getAsBoolean() && !attempt(job, trainers, stop)) {
                failures.incrementAndGet();
              }
            });
      }
    }
    return failures.get();
  }

  private List<Job> order() {
    if (slots == 1) {
      return plan.jobs();
    }
    return plan.forecast().jobs().stream()
        .sorted(Comparator.comparingDouble(JobForecast::seconds).reversed())
        .map(JobForecast::job)
        .toList();
  }

  private boolean attempt(Job job, TrainerFactory trainers, BooleanSupplier stop) {
    try {
      Files.deleteIfExists(folder.failure(job.id()));
      if (trainers.trainer(job).train(stop).isPresent()) {
        synchronized (this) {
          points.write();
        }
      }
      return true;
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      recordFailure(job, e);
      observer.failed(job, e);
      return false;
    }
  }

  private void recordFailure(Job job, Throwable reason) {
    try {
      AtomicFiles.writeText(
          folder.failure(job.id()),
          out -> {
            PrintWriter writer = new PrintWriter(out);
            reason.printStackTrace(writer);
            writer.flush();
          });
    } catch (RuntimeException e) {
      // A full disk cannot even take the reason; it still reaches the screen.
      reason.addSuppressed(e);
    }
  }

  /** A thread pool that is waited for. */
  private static final class Slots implements AutoCloseable {

    private final ExecutorService executor;

    Slots(int count) {
      AtomicInteger number = new AtomicInteger();
      executor =
          Executors.newFixedThreadPool(
              count, task -> new Thread(task, "slot-" + number.incrementAndGet()));
    }

    @Override
    public void close() {
      executor.shutdown();
      try {
        executor.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
