package org.isoflop.harness.sweep;

import ai.djl.Device;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Host;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Lineages;
import org.isoflop.harness.plan.Passes;
import org.isoflop.harness.train.FailureReason;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.Trainer;
import org.isoflop.harness.train.TrainingData;
import org.isoflop.harness.train.TrainingObserver;
import org.isoflop.models.DeviceMemory;
import org.isoflop.models.TorchRuntime;

/**
 * Claims jobs of a sweep's folder, one at a time, and trains them on one device, until none is
 * left. What goes wrong in one job ends that job alone; a full disk ends the worker.
 *
 * <p>A worker stays while others train jobs that it could take over, or that jobs of its own wait
 * for. Any number of them may share a folder, on any number of machines.
 */
public final class Worker {

  private static final long PAUSE_NANOS = 100_000_000;
  private static final long MOST_PAUSE_NANOS = 10_000_000_000L;

  /** Of the time waited so far, what a job may be found late by. */
  private static final int LATE = 20;

  private final SweepFolder folder;
  private final WorkerPlan plan;
  private final JobQueue queue;
  private final PointsFile points;
  private final Lineages lineages;
  private final EndStates endStates;
  private final TrainingData data;
  private final Consumer<String> log;
  private final AtomicReference<Claim> claimed = new AtomicReference<>();

  /** What this worker's part of the device's memory had room for when it began. */
  private final Passes share;

  /**
   * Opens a planned sweep and its tokens.
   *
   * @param slots workers that share the device, this one among them
   * @param log receives a line for what happens to each job
   * @throws BadInputException if there is none, or its plan or its tokens are damaged
   */
  public Worker(SweepFolder folder, Device device, int slots, Consumer<String> log) {
    this.folder = folder;
    this.plan = WorkerPlan.read(folder);
    this.queue = new JobQueue(folder, plan);
    this.points = new PointsFile(folder, plan);
    this.lineages = plan.lineages();
    this.endStates = new EndStates(folder, lineages);
    this.log = log;
    TokenStore tokens = TokenStore.open(folder.tokens());
    CorpusStatistics corpus = tokens.statistics();
    Optional<String> heldOut = plan.conditions().heldOut();
    if (!corpus.hash().equals(plan.conditions().corpus())
        || (heldOut.isPresent() && !heldOut.get().equals(corpus.validationHash()))) {
      throw BadInputException.of(
          "%s: holds the tokens of another text than %s was made for, or holds out other documents"
              + " of it; delete it, and the sweep command makes them again",
          folder.tokens(), folder.plan());
    }
    if (!tokens.tokenizer().equals(plan.conditions().tokenizer())) {
      throw BadInputException.of(
          "%s: holds the tokens of another tokenizer (%s) than %s was made for (%s); delete it, and"
              + " the sweep command makes them again",
          folder.tokens(), tokens.tokenizer(), folder.plan(), plan.conditions().tokenizer());
    }
    this.data =
        new TrainingData(
            tokens.train(),
            tokens.validation(),
            device,
            corpus.tokensPerByte(),
            corpus.unigramNats(),
            plan.conditions());
    this.share = passes(slots);
    StringBuilder place = new StringBuilder();
    Stream.concat(
            Stream.of("CUDA_VISIBLE_DEVICES"),
            Schedulers.ALL.stream().flatMap(scheduler -> scheduler.place().stream()))
        .filter(System.getenv()::containsKey)
        .forEach(name -> place.append(", ").append(name).append('=').append(System.getenv(name)));
    say(
        "worker on "
            + Host.name()
            + ", process "
            + ProcessHandle.current().pid()
            + ", "
            + TorchRuntime.name(device)
            + place);
  }

  /**
   * Trains until no job is left that could be trained.
   *
   * @param stop once true, the job at hand is saved and the worker ends
   * @return the jobs of which nothing can be written, not even that they failed: by id, and why
   * @throws DiskFullException if the disk is full
   */
  public Map<String, String> run(BooleanSupplier stop) {
    Thread pardon = new Thread(() -> pardonOnceStopped(stop), "pardon");
    pardon.setDaemon(true);
    pardon.start();
    try {
      long idleSince = System.nanoTime();
      while (!stop.getAsBoolean()) {
        Optional<Claim> next = queue.next();
        if (next.isPresent()) {
          attempt(next.get(), stop);
          idleSince = System.nanoTime();
        } else if (queue.left() == 0) {
          return queue.unusable();
        } else {
          pause((System.nanoTime() - idleSince) / LATE, stop);
        }
      }
      return Map.of();
    } catch (UncheckedIOException e) {
      // Claims write too, when they begin and when they end.
      throw FailureReason.isDiskFull(e) && !(e instanceof DiskFullException)
          ? new DiskFullException(FailureReason.of(e))
          : e;
    } finally {
      pardon.interrupt();
      join(pardon);
    }
  }

  /** Waits, the longer it has been waited for: many workers may look at one server's files. */
  private static void pause(long nanos, BooleanSupplier stop) {
    long begin = System.nanoTime();
    do {
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (System.nanoTime() - begin < Math.min(nanos, MOST_PAUSE_NANOS) && !stop.getAsBoolean());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Once it is asked to stop, how a worker ends is not its job's fault: a step may take so long
   * that nobody waits for its end.
   */
  private void pardonOnceStopped(BooleanSupplier stop) {
    while (!Thread.currentThread().isInterrupted()) {
      Claim claim = claimed.get();
      if (claim != null && stop.getAsBoolean()) {
        claim.unmark();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void attempt(Claim claim, BooleanSupplier stop) {
    try (claim) {
      claimed.set(claim);
      train(claim, stop);
    } finally {
      claimed.set(null);
    }
  }

  private void train(Claim claim, BooleanSupplier stop) {
    Job job = claim.job();
    try {
      Passes passes = passes();
      Optional<String> refusal = passes.refusal(job);
      if (refusal.isPresent()) {
        fail(job, refusal.get(), Optional.empty());
        return;
      }
      Optional<JobResult> result = trainer(job, passes.most(job)).train(claim.loadedThen(stop));
      if (result.isPresent()) {
        points.write();
        endStates.dropFor(job);
      } else {
        say(job.id() + " saved half-way");
      }
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      String reason = FailureReason.of(e);
      if (FailureReason.isDiskFull(e)) {
        throw new DiskFullException(reason);
      }
      fail(job, reason, Optional.of(e));
    }
  }

  private void fail(Job job, String reason, Optional<Throwable> failure) {
    queue.fail(job, reason, failure);
    say(job.id() + " failed: " + reason);
  }

  /**
   * Returns what there is room for now: no more than this worker's part, and no more than is free.
   * What is free on a GPU leaves out what this process keeps there for its next job.
   */
  private Passes passes() {
    return data.device().isGpu() ? share : share.within(passes(1));
  }

  private Passes passes(int workers) {
    Device device = data.device();
    return Passes.shared(plan.microBatchTokens(), DeviceMemory.of(device), workers, device.isGpu());
  }

  private Trainer trainer(Job job, int passSequences) {
    Duration checkpointEvery = Duration.ofMillis(Math.round(1000 * plan.checkpointSeconds()));
    return new Trainer(
        lineages.of(job).stream()
            .map(part -> new Trainer.Stretch(part, folder.job(part.id())))
            .toList(),
        data,
        new Trainer.Settings(passSequences, checkpointEvery, plan.evaluations()),
        new Log());
  }

  /** What happens to a job, for who reads the worker's log. */
  private final class Log implements TrainingObserver {
    @Override
    public void started(Job job, long step) {
      say(job.id() + " from step " + step);
    }

    @Override
    public void progressed(Job job, long step, double loss, double tokensPerSecond) {}

    @Override
    public void ended(Job job, JobResult result) {
      say(job.id() + " ended at step " + result.step() + " " + result.reason());
    }

    @Override
    public void noted(Job job, String sentence) {
      say(job.id() + ": " + sentence);
    }
  }

  private void say(String line) {
    log.accept(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + line);
  }
}
