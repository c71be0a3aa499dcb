package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.cli.IsoflopProcess.await;
import static org.isoflop.harness.cli.IsoflopProcess.signal;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.isoflop.harness.Programs;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Ctrl-C and {@code kill} do to a sweep: nothing that the same command could not go on from.
 */
@Tag("slow")
@Timeout(180)
final class StoppedSweepTest {

  @TempDir private Path folder;
  private Path config;
  private Path output;

  private void write(String budgets, int batchTokens, int microBatchTokens) throws IOException {
    config =
        TinySweep.write(
            folder.resolve("tiny.yaml"),
            budgets,
            4,
            "name: tiny",
            "training: {learning_rate: 0.01, batch_tokens: %d, micro_batch_tokens: %d, precision: float32}"
                .formatted(batchTokens, microBatchTokens),
            "evaluation: {tokens: 4000}",
            "limits: {epochs: 1e6}");
  }

  @BeforeEach
  void writeConfig() throws IOException {
    write("3e8, 6e8", 256, 256);
    output = folder.resolve("output.txt");
  }

  @Test
  void aSignalIsAnsweredByOneLineAndTheExitCodeOfTheSignal() throws Exception {
    assumeThatSignalsArrive();
    Path stopped = folder.resolve("stopped");
    stop("INT", 130, stopped);
    stop("TERM", 143, stopped);
    assertThat(output).content().contains(" of them done already"); // it went on
  }

  private void stop(String signal, int exitCode, Path out) throws Exception {
    Process process = start(out, 1);
    awaitOutput(text -> text.contains(" done: "));
    signal(signal, process.toHandle());

    assertThat(process.waitFor()).as(signal).isEqualTo(exitCode);
    List<String> lines = Files.readAllLines(output);
    assertThat(lines.get(lines.size() - 1))
        .matches(
            "Stopped\\. The same command goes on from here\\."
                + " [1-9]\\d? of \\d+ jobs are done, [01] are saved half-way\\.");
    assertThat(out.resolve("points.csv")).exists();
  }

  /** A step of a million tokens takes many seconds. */
  @Test
  void aSecondSignalDoesNotWaitForTheStepAtHand() throws Exception {
    assumeThatSignalsArrive();
    write("1e14", 1_000_000, 4096);
    Process process = start(folder.resolve("slow"), 1);
    await(() -> losses(folder.resolve("slow")) > 0);
    signal("INT", process.toHandle());
    awaitOutput(text -> text.contains("Stopping after the step at hand"));
    signal("INT", process.toHandle());
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("ended").isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(output).content().doesNotContain("Stopped.");
  }

  @Test
  void everyWorkerOfSeveralSavesItsJob() throws Exception {
    Path stopped = folder.resolve("several");
    write("3e11, 6e11", 256, 256);
    Process process = start(stopped, 2);
    await(() -> losses(stopped) == 2);
    JsonNode live = status(stopped);
    assertThat(live.get("running").asBoolean()).isTrue();
    assertThat(live.get("workers").asInt()).isEqualTo(2);
    assertThat(live.get("seconds_left").asDouble()).isGreaterThan(10);
    assertThat(live.at("/counts/running").asInt()).isEqualTo(2);
    CommandRun second = CommandRun.of(TinySweep.command(config, stopped, 1));
    assertThat(second.exitCode()).as("two sweeps on one folder").isEqualTo(2);
    assertThat(second.err().lines().toList())
        .singleElement()
        .asString()
        .isEqualTo(
            "isoflop: %s: another process is running this sweep; wait for its end, or stop it",
            stopped);
    signal("TERM", process.toHandle());
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(Files.readAllLines(output))
        .last()
        .asString()
        .startsWith("Stopped. The same command goes on from here. 0 of ")
        .endsWith(" jobs are done, 2 are saved half-way.");
    assertThat(IsoflopProcess.of(stopped)).isEmpty();
    JsonNode still = status(stopped);
    assertThat(still.get("running").asBoolean()).isFalse();
    assertThat(still.at("/counts/running").asInt()).isZero();
    assertThat(still.at("/counts/stopped").asInt()).isEqualTo(2);
    assertThat(still.at("/counts/all").asInt()).isEqualTo(still.get("jobs").size());
    assertThat(still.get("fraction_done").asDouble()).isBetween(1e-9, 0.9);
    for (JsonNode job : still.get("jobs")) {
      assertThat(job.get("seconds_left").asDouble()).isPositive();
      assertThat(job.get("step").asLong() > 0).isEqualTo(job.get("loss").isDouble());
    }
    assertThat(CommandRun.of("status", stopped.toString()).out())
        .containsPattern("not running: 0 of \\d+ jobs done, 0 running, 2 stopped half-way, ")
        .containsPattern("about .* left with 2 workers.*; the sweep command goes on with it");
    try (Stream<Path> files = Files.walk(stopped.resolve("jobs"))) {
      List<Path> checkpoints = files.filter(file -> file.endsWith("state.json")).toList();
      Path jobs = stopped.resolve("jobs");
      assertThat(checkpoints.stream().map(file -> jobs.relativize(file).getName(0)).distinct())
          .as(() -> checkpoints + "\n" + still + "\n" + workerLogs(stopped))
          .hasSize(2);
    }
  }

  private static String workerLogs(Path sweep) {
    try (Stream<Path> logs = Files.list(sweep.resolve("workers"))) {
      StringBuilder all = new StringBuilder();
      for (Path log : logs.sorted().toList()) {
        all.append(log).append('\n').append(Files.readString(log));
      }
      return all.toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static JsonNode status(Path sweep) throws IOException {
    CommandRun run = CommandRun.of("status", "--json", sweep.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  /** Steps of a million tokens, which no worker can wait for the end of. */
  @Test
  void noWorkerOutlivesItsSweepForLong() throws Exception {
    write("1e14", 1_000_000, 4096);
    for (String how : List.of("KILL", "TERM twice")) {
      Path killed = folder.resolve(how.substring(0, 4));
      Process process = start(killed, 2);
      await(() -> losses(killed) == 2);
      List<ProcessHandle> workers = process.children().toList();
      assertThat(workers).hasSize(2);
      signal(how.substring(0, 4), process.toHandle());
      if (how.equals("TERM twice")) {
        awaitOutput(text -> text.contains("Stopping after the step at hand"));
        signal("TERM", process.toHandle());
      }
      assertThat(process.waitFor()).as(how).isEqualTo(how.equals("KILL") ? 137 : 143);
      long begin = System.nanoTime();
      await(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
      assertThat((System.nanoTime() - begin) * 1e-9).as(how).isLessThan(10);
      try (Stream<Path> files = Files.walk(killed.resolve("jobs"))) {
        assertThat(files.filter(file -> file.endsWith(".claim")).toList())
            .hasSize(2)
            .as("whose fault it was: nobody's")
            .allSatisfy(claim -> assertThat(claim).isEmptyFile());
      }
    }
  }

  private Process start(Path out, int slots) throws IOException {
    return IsoflopProcess.start(
        IsoflopProcess.command(List.of(), TinySweep.command(config, out, slots)), output);
  }

  private static long losses(Path sweep) throws IOException {
    Path jobs = sweep.resolve("jobs");
    if (!Files.exists(jobs)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(jobs)) {
      return files.filter(file -> file.endsWith("losses.csv")).count();
    }
  }

  @Test
  void inATerminalTheBarsGoAndWhatHappenedStays() throws Exception {
    assumeTrue(Programs.succeeds("tmux", "-V"), "needs tmux");
    Path out = folder.resolve("terminal");
    Files.createDirectories(out.resolve("jobs"));
    Files.writeString(out.resolve("sweep.yaml"), SweepConfig.read(config).toYaml());
    // A file where the folder of the first job must be.
    Files.writeString(out.resolve("jobs/c3e8-d8-l1-s1"), "in the way");
    Path script = folder.resolve("run.sh");
    List<String> command =
        IsoflopProcess.command(
            List.of("-Disoflop.terminal=true"), TinySweep.command(config, out, 1));
    Files.writeString(
        // The shell must outlive the Ctrl-C, which it gets too.
        script, "trap : INT\n" + String.join(" ", command) + "\necho exit code $?\nsleep 100\n");
    String socket = "isoflop" + ProcessHandle.current().pid();
    try {
      assertThat(
              Programs.succeeds(
                  "tmux",
                  "-L",
                  socket,
                  "new-session",
                  "-d",
                  "-x",
                  "150",
                  "-y",
                  "40",
                  "sh " + script))
          .isTrue();
      await(() -> screen(socket).contains(" done: ") && screen(socket).contains("[="));
      assertThat(screen(socket)).contains("c3e8-d8-l1-s1 failed: ", "sweep    ", " of 16 jobs");
      assertThat(Programs.succeeds("tmux", "-L", socket, "send-keys", "C-c")).isTrue();
      await(() -> screen(socket).contains("exit code"));

      assertThat(screen(socket))
          .contains("c3e8-d8-l1-s1 failed: ", " done: ", "exit code 130")
          .contains("Stopped. The same command goes on from here. ")
          .doesNotContain("[=", "^C", "tokens/s");
    } finally {
      Programs.succeeds("tmux", "-L", socket, "kill-server");
    }
  }

  private static String screen(String socket) throws IOException {
    Process capture =
        new ProcessBuilder("tmux", "-L", socket, "capture-pane", "-p", "-S", "-100").start();
    return new String(capture.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Where a process is started in the background without job control, it never sees SIGINT. */
  private static void assumeThatSignalsArrive() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "needs Linux's /proc");
    long ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .findFirst()
            .orElse(0);
    assumeTrue((ignored & 0b10) == 0, "SIGINT is ignored here");
  }

  private void awaitOutput(Predicate<String> enough) throws Exception {
    await(() -> enough.test(Files.readString(output)));
  }
}
