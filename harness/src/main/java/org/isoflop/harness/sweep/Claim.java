package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Host;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.train.JobFolder;
import org.isoflop.harness.train.JobProgress;

/**
 * A worker's sole right to train a job: a lock on {@code jobs/<job>/.claim} that ends with the
 * process at the latest.
 *
 * <p>While it is held the file says how the job has fared with workers, and it is empty again once
 * the worker is done with the job or was asked to stop. So what a claim finds in it was left by a
 * worker that died in the midst of the job. One death may have any cause; a second one at the same
 * place, with nothing gained in between, is the job's.
 */
final class Claim implements AutoCloseable {

  /** Deaths at one place after which a job is not tried again. */
  private static final int MOST_DEATHS = 2;

  private static final String LOADING = "loading";
  private static final String TRAINING = "training";

  /** Deaths so far, where the last one was, what the holder is doing, and which process it is. */
  private static final Pattern MARK =
      Pattern.compile("deaths (\\d+) at (\\S+) now (\\S+) by (\\S+)\\R");

  private static final String OWN = Host.process(ProcessHandle.current().pid());

  private final Job job;
  private final LockFile.Held lock;
  private final int deaths;
  private final String diedAt;
  private boolean marked;

  private Claim(Job job, LockFile.Held lock, int deaths, String diedAt) {
    this.job = job;
    this.lock = lock;
    this.deaths = deaths;
    this.diedAt = diedAt;
  }

  /** Claims a job; empty where another worker has it. */
  static Optional<Claim> of(Job job, SweepFolder folder) throws IOException {
    Files.createDirectories(folder.job(job.id()).path());
    Optional<LockFile.Held> lock = folder.claim(job.id()).tryHold();
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try {
      Matcher left = MARK.matcher(lock.get().text());
      int deaths = 0;
      String diedAt = "-";
      if (left.matches()) {
        diedAt = left.group(3) + "@" + step(folder.job(job.id()));
        deaths = diedAt.equals(left.group(2)) ? Integer.parseInt(left.group(1)) + 1 : 1;
      }
      Claim claim = new Claim(job, lock.get(), deaths, diedAt);
      claim.mark(LOADING);
      return Optional.of(claim);
    } catch (IOException | RuntimeException e) {
      lock.get().close();
      throw e;
    }
  }

  /**
   * Returns the process that trains a job, as {@link Host#process} names it, where that is known.
   */
  static Optional<String> holder(Job job, SweepFolder folder) {
    try {
      Matcher mark = MARK.matcher(folder.claim(job.id()).textOfAnother());
      return mark.matches() ? Optional.of(mark.group(4)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long step(JobFolder folder) {
    try {
      return JobProgress.read(folder).step();
    } catch (BadInputException e) {
      return 0; // a damaged log, of which the trainer will say more
    }
  }

  Job job() {
    return job;
  }

  /** Returns why the job is not to be tried again, where it is not. */
  Optional<String> refusal() {
    return deaths < MOST_DEATHS
        ? Optional.empty()
        : Optional.of(
            "it ended its worker "
                + deaths
                + " times at the same place ("
                + diedAt.replace("@", ", step ")
                + "); the log of that worker, in workers/, may say how");
  }

  /** Passes a wish to stop on; the trainer first asks for it once the job is loaded. */
  BooleanSupplier loadedThen(BooleanSupplier stop) {
    boolean[] loaded = {false};
    return () -> {
      if (!loaded[0]) {
        loaded[0] = true;
        mark(TRAINING);
      }
      return stop.getAsBoolean();
    };
  }

  private synchronized void mark(String doing) {
    if (doing.equals(TRAINING) && !marked) {
      return; // it was asked to stop meanwhile
    }
    write("deaths " + deaths + " at " + diedAt + " now " + doing + " by " + OWN + "\n");
    marked = true;
  }

  /** From now on the worker may die without the job being to blame. */
  synchronized void unmark() {
    if (marked) {
      write("");
      marked = false;
    }
  }

  private void write(String text) {
    try {
      lock.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + lock.file() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    try (lock) {
      unmark();
    }
  }
}
