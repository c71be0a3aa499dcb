package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.train.Trainer;

/**
 * Runs jobs in this JVM, one thread a slot. What goes wrong in one job ends that job alone; a full
 * disk ends them all.
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
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger halfWay = new AtomicInteger();
  private final AtomicReference<Throwable> diskFull = new AtomicReference<>();

  LocalExecutor(
      SweepFolder folder, Plan plan, PointsFile points, int slots, SweepObserver observer) {
    this.folder = folder;
    this.plan = plan;
    this.points = points;
    this.slots = slots;
    this.observer = observer;
  }

  /**
   * What became of the jobs.
   *
   * @param failed could not be trained
   * @param halfWay saved where they were when they were asked to stop
   */
  record Tally(int failed, int halfWay) {}

  /** Makes the trainer of a job. */
  interface TrainerFactory {
    Trainer trainer(Job job);
  }

  /**
   * Runs all jobs of the plan that have no result.
   *
   * @param stop once true, every running job saves a checkpoint and no other one starts
   * @throws UncheckedIOException once all have stopped, if the disk is full: it would be for every
   *     job, so none is to blame
   */
  Tally run(TrainerFactory trainers, BooleanSupplier stop) {
    BooleanSupplier stopOrFull = () -> diskFull.get() != null || stop.getAsBoolean();
    try (Slots pool = new Slots(slots)) {
      for (Job job : order()) {
        pool.executor.execute(
            () -> {
              if (!stopOrFull.getAsBoolean()) {
                attempt(job, trainers, stopOrFull);
              }
            });
      }
    }
    Throwable full = diskFull.get();
    if (full != null) {
      throw new UncheckedIOException(
          FailureReason.of(full)
              + "; the jobs that ended and the last checkpoints of the others are safe. Free some"
              + " space, and the same command goes on from here",
          new IOException(full));
    }
    return new Tally(failed.get(), halfWay.get());
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

  private void attempt(Job job, TrainerFactory trainers, BooleanSupplier stop) {
    try {
      Files.deleteIfExists(folder.failure(job.id()));
      if (trainers.trainer(job).train(stop).isEmpty()) {
        halfWay.incrementAndGet();
        return;
      }
      synchronized (this) {
        points.write();
      }
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      if (FailureReason.isDiskFull(e)) {
        diskFull.compareAndSet(null, e);
        return;
      }
      failed.incrementAndGet();
      String reason = FailureReason.of(e);
      recordFailure(job, reason, e);
      observer.failed(job, reason);
    }
  }

  /** Writes the reason first, for {@code status} and for people, then where it came from. */
  private void recordFailure(Job job, String reason, Throwable failure) {
    try {
      AtomicFiles.writeText(
          folder.failure(job.id()),
          out -> {
            PrintWriter writer = new PrintWriter(out);
            writer.println(reason);
            writer.println();
            failure.printStackTrace(writer);
            writer.flush();
          });
    } catch (UncheckedIOException e) {
      observer.noted(job, FailureReason.of(e));
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
