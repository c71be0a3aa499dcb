package org.isoflop.harness.sweep;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.Trainer;

/**
 * Tells an observer what happens in a sweep's folder, whoever works there: looks at it twice a
 * second and says what has changed. What a screen shows of a sweep is therefore what {@code status}
 * would say.
 */
final class SweepMonitor implements AutoCloseable {

  private static final long BETWEEN_LOOKS_MILLIS = 500;

  private final SweepFolder folder;
  private final WorkerPlan plan;
  private final SweepObserver observer;
  private final Map<String, Long> logLengths = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final Thread thread;
  private volatile SweepStatus seen;
  private boolean closed;
  private final AtomicLong changes = new AtomicLong();

  /** Begins with a look, of which only the jobs are told that can be seen not to be trainable. */
  SweepMonitor(SweepFolder folder, WorkerPlan plan, SweepObserver observer) {
    this.folder = folder;
    this.plan = plan;
    this.observer = observer;
    seen = SweepStatus.of(folder, plan);
    observer.seen(seen);
    for (JobStatus job : seen.jobs()) {
      if (job.state() == State.FAILED) {
        observer.failed(job.job(), job.remark().orElseThrow());
      }
      logLengths.put(job.id(), length(folder.job(job.id()).log()));
    }
    thread = new Thread(this::lookAgainAndAgain, "monitor");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns how often a job has been seen to go on since the monitor began. */
  long changes() {
    return changes.get();
  }

  /** Looks a last time, so that nothing is left untold. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    look();
  }

  /** Returns the jobs as they were last seen. */
  SweepStatus seen() {
    return seen;
  }

  private void lookAgainAndAgain() {
    lock.lock();
    try {
      while (!closed) {
        if (!closing.await(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS)) {
          try {
            look();
          } catch (BadInputException | UncheckedIOException e) {
            // The next look will tell, or the last one, whose failure is not passed over.
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    SweepStatus now = SweepStatus.of(folder, plan, Optional.of(seen));
    observer.seen(now);
    for (int i = 0; i < now.jobs().size(); i++) {
      JobStatus before = seen.jobs().get(i);
      if (!before.ended()) {
        Job job = before.job();
        notes(job).forEach(note -> observer.noted(job, note));
        tell(job, before, now.jobs().get(i));
      }
    }
    seen = now;
  }

  private void tell(Job job, JobStatus before, JobStatus now) {
    if (now.equals(before)) {
      return;
    }
    changes.incrementAndGet();
    if (now.state() == State.RUNNING && before.state() != State.RUNNING) {
      observer.started(job, before.step());
    }
    if (now.ended()) {
      JobResult.read(folder.job(job.id())).ifPresent(result -> observer.ended(job, result));
    } else if (now.state() == State.FAILED && before.state() != State.FAILED) {
      observer.failed(job, now.remark().orElse(""));
    } else if (now.state() == State.RUNNING && now.step() > before.step()) {
      observer.progressed(
          job, now.step(), now.loss().orElse(0.0), now.tokensPerSecond().orElse(0.0));
    }
  }

  /** Returns what was written into a job's log since the last look, its ends left out. */
  private List<String> notes(Job job) {
    Path log = folder.job(job.id()).log();
    long length = length(log);
    long told = logLengths.put(job.id(), length);
    if (length <= told) {
      return List.of();
    }
    try {
      byte[] all = Files.readAllBytes(log);
      String news =
          new String(all, (int) told, (int) Math.min(all.length, length) - (int) told, UTF_8);
      return news.lines()
          .map(line -> line.substring(line.indexOf(' ') + 1)) // after the time
          .filter(note -> !note.startsWith(Trainer.DIVERGED))
          .toList();
    } catch (IOException e) {
      return List.of(); // it stands in the file for whoever can read it
    }
  }

  private static long length(Path file) {
    return file.toFile().length();
  }
}
