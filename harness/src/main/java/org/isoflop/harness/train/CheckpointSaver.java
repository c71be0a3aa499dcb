package org.isoflop.harness.train;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.isoflop.harness.train.Checkpoints.Checkpoint;

/**
 * Saves checkpoints of a run while it goes on: the device waits for a copy to the host, a thread of
 * its own writes that to the disk. One at a time, and so seldom that saving takes less than 2% of
 * the time whatever a state's size.
 */
final class CheckpointSaver implements AutoCloseable {

  /** The next begins no sooner than so many times what the last took. */
  private static final int REST = 50;

  private final Checkpoints checkpoints;
  private final long everyNanos;
  private final LongSupplier clock;
  private CompletableFuture<Long> saving = CompletableFuture.completedFuture(0L);
  private long lastNanos;
  private long tookNanos;

  /**
   * Prepares; nothing is saved before it is asked for.
   *
   * @param every least time between two checkpoints
   */
  CheckpointSaver(Checkpoints checkpoints, Duration every) {
    this(checkpoints, every, System::nanoTime);
  }

  /** The same by a clock of nanoseconds, which the saving thread reads too. */
  CheckpointSaver(Checkpoints checkpoints, Duration every, LongSupplier clock) {
    this.checkpoints = checkpoints;
    this.everyNanos = every.toNanos();
    this.clock = clock;
    this.lastNanos = clock.getAsLong();
  }

  /**
   * Returns whether it is time for the next.
   *
   * @throws RuntimeException what went wrong with the last
   */
  boolean isDue() {
    if (!saving.isDone()) {
      return false;
    }
    finish();
    return clock.getAsLong() - lastNanos >= Math.max(everyNanos, REST * tookNanos);
  }

  /** Copies the state and begins to save it, once the last is saved. */
  void save(Supplier<Checkpoint> state) {
    finish();
    long begin = clock.getAsLong();
    Checkpoint checkpoint = state.get();
    saving =
        CompletableFuture.supplyAsync(
            () -> {
              checkpoints.save(checkpoint);
              return clock.getAsLong() - begin;
            },
            task -> new Thread(task, "checkpoint").start());
    lastNanos = begin;
  }

  /** Waits until the last is saved; throws what {@link Checkpoints#save} does. */
  void finish() {
    try {
      tookNanos = saving.join();
    } catch (CompletionException e) {
      saving = CompletableFuture.completedFuture(tookNanos); // what went wrong is thrown once
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  @Override
  public void close() {
    finish();
  }
}
