package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.cli.IsoflopProcess.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.cli.IsoflopProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep of several workers loses nothing, however often these and it itself are killed, with
 * warning or without.
 *
 * <p>A few kills here; {@code -Disoflop.chaos=50} kills fifty workers and ten sweeps, over more and
 * longer jobs. {@code -Disoflop.chaos.seed} chooses the moments, as far as a clock lets it.
 */
@Tag("slow")
@Timeout(1800)
final class KilledSweepTest {

  private static final int WORKER_KILLS = Integer.getInteger("isoflop.chaos", 4);
  private static final int SWEEP_KILLS = WORKER_KILLS < 50 ? 2 : WORKER_KILLS / 5;
  private static final long SEED = Long.getLong("isoflop.chaos.seed", 1);
  private static final boolean LONG = WORKER_KILLS >= 50;

  /** A worker trains one job at a time for some tenths of a second, or some seconds. */
  private static final String BUDGETS = LONG ? "4e9, 6e9, 9e9, 1.3e10" : "1.2e9, 2e9";

  private static final String EVERYTHING_BUT = "(workers/.*|jobs/[^/]+/job\\.log)";

  private final Random random = new Random(SEED);
  @TempDir private Path folder;
  private Path config;

  @Test
  void endsWithThePointsOfAnUndisturbedRun() throws Exception {
    config =
        TinySweep.write(
            folder.resolve("tiny.yaml"),
            BUDGETS,
            LONG ? 6 : 4,
            "training: {learning_rate: 0.01, batch_tokens: 64}",
            "evaluation: {tokens: 4000}",
            "limits: {epochs: 1e6}");
    SweepFolder undisturbed = new SweepFolder(folder.resolve("undisturbed"));
    Process whole = start(undisturbed.path());
    assertThat(whole.waitFor()).isZero();
    SweepFolder killed = new SweepFolder(folder.resolve("killed"));

    int workers = 0;
    int sweeps = 0;
    int runs = 0;
    boolean done = false;
    while (!done) {
      Process sweep = start(killed.path());
      runs++;
      boolean dead = false;
      while (!dead && !sweep.waitFor(250 + random.nextInt(1500), TimeUnit.MILLISECONDS)) {
        List<ProcessHandle> children = sweep.children().toList();
        if (sweeps < SWEEP_KILLS && random.nextInt(WORKER_KILLS / SWEEP_KILLS + 1) == 0) {
          kill(sweep, children);
          sweeps++;
          dead = true;
        } else if (workers < WORKER_KILLS && !children.isEmpty()) {
          if (children.get(random.nextInt(children.size())).destroyForcibly()) {
            workers++;
          }
        }
      }
      // A job whose worker was killed twice at one place is tried again by the same command.
      done = !dead && sweep.exitValue() == 0;
      assertThat(runs).as("runs, of which only %d were killed", sweeps).isLessThan(sweeps + 5);
    }

    System.out.printf("%d workers and %d sweeps were killed%n", workers, sweeps);
    assertThat(workers + sweeps).as("kills before the sweep could end").isPositive();
    assertThat(PointsWithoutSeconds.of(killed.points()))
        .isEqualTo(PointsWithoutSeconds.of(undisturbed.points()));
    assertThat(files(killed.path())).isEqualTo(files(undisturbed.path()));
    assertThat(ends(killed).values()).as("how often each job ended").allMatch(times -> times <= 1);
    assertThat(IsoflopProcess.of(killed.path())).as("workers still there").isEmpty();
  }

  /** With SIGTERM all save what they can; with SIGKILL the workers find themselves alone. */
  private void kill(Process sweep, List<ProcessHandle> workers) throws Exception {
    if (random.nextInt(3) == 0) {
      sweep.destroy();
    } else {
      sweep.destroyForcibly();
    }
    sweep.waitFor();
    long begin = System.nanoTime();
    await(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
    assertThat((System.nanoTime() - begin) * 1e-9).as("seconds of the orphans").isLessThan(10);
  }

  /** Returns how often the workers' logs say that a job ended, by job. */
  private static Map<String, Integer> ends(SweepFolder sweep) throws IOException {
    Map<String, Integer> ends = new TreeMap<>();
    try (Stream<Path> logs = Files.list(sweep.workerLogs())) {
      for (Path log : logs.toList()) {
        for (String line : Files.readAllLines(log)) {
          if (line.contains(" ended at step ")) {
            ends.merge(line.split(" ", -1)[1], 1, Integer::sum);
          }
        }
      }
    }
    return ends;
  }

  private static List<String> files(Path sweep) throws IOException {
    try (Stream<Path> files = Files.walk(sweep)) {
      return files
          .map(file -> sweep.relativize(file).toString())
          .filter(name -> !name.matches(EVERYTHING_BUT))
          .sorted()
          .toList();
    }
  }

  private Process start(Path out) throws IOException {
    return new ProcessBuilder(
            IsoflopProcess.command(
                List.of(),
                TinySweep.command(
                    config, out, 3, "--checkpoint-seconds", "0.1", "--progress", "none")))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
