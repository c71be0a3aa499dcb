package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;

/**
 * Tells the workers that hang from those that are slow, by how long nothing has changed in the
 * folder of the job that each one holds: a step, an evaluation and a checkpoint leave something
 * there. How long that may take goes by the job's own speed.
 */
final class Silence {

  /** Shorter than this nobody is suspected: a machine may be short of memory for a while. */
  static final Duration SHORTEST = Duration.ofMinutes(5);

  /** Times what a step and an evaluation take at the job's speed, which others may share. */
  private static final double PATIENCE = 20;

  private final SweepFolder folder;
  private final WorkerPlan plan;
  private final double shortestSeconds;
  private final Map<String, Watched> watched = new HashMap<>();
  private long lookedNanos = System.nanoTime();

  /**
   * Begins to watch.
   *
   * @param shortest silence that is suspicious, {@link #SHORTEST} but in a test
   */
  Silence(SweepFolder folder, WorkerPlan plan, Duration shortest) {
    this.folder = folder;
    this.plan = plan;
    this.shortestSeconds = shortest.toMillis() * 1e-3;
  }

  /**
   * What a worker was last seen at.
   *
   * @param job that it holds, none where it holds none
   * @param files of the job, with their sizes
   * @param seconds since something changed there
   */
  private record Watched(Optional<JobStatus> job, String files, double seconds) {}

  /** Returns how long to wait between two looks. */
  Duration betweenLooks() {
    return Duration.ofMillis(Math.round(Math.min(2, shortestSeconds / 10) * 1000));
  }

  /**
   * Looks at the jobs. Time in which this process itself was stopped, or the machine asleep, does
   * not count.
   *
   * @param processes all that are watched, as {@link org.isoflop.harness.Host#process} names them
   * @param ending whether they are to end now, so that those without a job wait for nothing
   * @return those that have been silent for too long, and what there is to say of each
   */
  Map<String, String> look(SweepStatus status, List<String> processes, boolean ending) {
    long now = System.nanoTime();
    double passed = Math.min((now - lookedNanos) * 1e-9, 2e-3 * betweenLooks().toMillis());
    lookedNanos = now;
    Map<String, JobStatus> held = new HashMap<>();
    for (JobStatus job : status.jobs()) {
      if (job.state() == State.RUNNING) {
        Claim.holder(job.job(), folder).ifPresent(holder -> held.put(holder, job));
      }
    }
    watched.keySet().retainAll(processes);
    Map<String, String> silent = new HashMap<>();
    for (String process : processes) {
      Optional<JobStatus> job = Optional.ofNullable(held.get(process));
      String files = job.map(at -> files(folder.job(at.id()).path())).orElse("");
      Watched before = watched.getOrDefault(process, new Watched(job, files, 0));
      boolean same =
          before.files().equals(files)
              && before.job().map(JobStatus::id).equals(job.map(JobStatus::id));
      Watched after = new Watched(job, files, same ? before.seconds() + passed : 0);
      watched.put(process, after);
      double most =
          job.map(this::seconds)
              .map(seconds -> Math.max(shortestSeconds, PATIENCE * seconds))
              .orElse(shortestSeconds);
      boolean waits = job.isEmpty() && !ending && !status.left().ofJobs().isEmpty();
      if (after.seconds() > most && !waits) {
        silent.put(process, job.map(at -> "at " + at.id() + ", step " + at.step()).orElse("idle"));
      }
    }
    return silent;
  }

  /** Returns what a step and an evaluation may take, by what was measured or forecast. */
  private double seconds(JobStatus status) {
    Job job = status.job();
    double forecast = job.steps() * job.batchTokens() / status.planned().seconds();
    double evaluated =
        (double) plan.conditions().validationWindows() * job.decoder().options().context();
    return (job.batchTokens() + evaluated) / status.tokensPerSecond().orElse(forecast);
  }

  private static String files(Path folder) {
    StringBuilder found = new StringBuilder();
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted().forEach(file -> found.append(file).append(' ').append(file.toFile().length()));
    } catch (IOException | UncheckedIOException e) {
      found.append(e); // one of them has gone while we looked
    }
    return found.toString();
  }
}
