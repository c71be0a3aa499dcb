package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isoflop.harness.cli.IsoflopProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep in a process of its own, killed again and again, with warning or without, loses nothing.
 */
final class KilledSweepTest {

  private static final int KILLS = 5;

  @TempDir private Path folder;

  @Test
  void endsWithThePointsOfAnUndisturbedRun() throws Exception {
    Path config = folder.resolve("tiny.yaml");
    Files.writeString(config, SweepTest.config().toYaml());
    SweepFolder undisturbed = new SweepFolder(folder.resolve("undisturbed"));
    long begin = System.nanoTime();
    assertThat(start(config, undisturbed.path()).waitFor()).isZero();
    long undisturbedMillis = (System.nanoTime() - begin) / 1_000_000;

    SweepFolder killed = new SweepFolder(folder.resolve("killed"));
    Random random = new Random();
    List<Long> moments = new ArrayList<>();
    int kills = 0;
    while (kills < KILLS) {
      // Well before the end, so that even a faster run is killed at least once.
      long millis = 200 + random.nextLong(undisturbedMillis * 6 / 10);
      Process process = start(config, killed.path());
      if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
        assertThat(process.exitValue()).isZero();
        break; // so late that the sweep had ended: nothing is left to kill
      }
      // SIGKILL, and every other time SIGTERM, upon which it saves what it can.
      (kills % 2 == 0 ? process.destroyForcibly().onExit() : terminate(process)).join();
      moments.add(millis);
      kills++;
    }
    assertThat(kills).as("kills before the sweep could end").isPositive();
    assertThat(start(config, killed.path()).waitFor()).as("after kills at %s ms", moments).isZero();

    assertThat(PointsWithoutSeconds.of(killed.points()))
        .as("after kills at %s ms", moments)
        .isEqualTo(PointsWithoutSeconds.of(undisturbed.points()));
    try (Stream<Path> files = Files.walk(killed.path())) {
      assertThat(files.map(Path::toString).filter(name -> name.endsWith(".tmp"))).isEmpty();
    }
  }

  private static CompletableFuture<Process> terminate(Process process) {
    process.destroy();
    return process.onExit();
  }

  private Process start(Path config, Path out) throws IOException {
    return new ProcessBuilder(
            IsoflopProcess.command(
                List.of(),
                "sweep",
                config.toString(),
                "--out",
                out.toString(),
                "--device",
                "cpu",
                "--slots",
                "2",
                "--checkpoint-seconds",
                "0.1",
                "--progress",
                "none"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
