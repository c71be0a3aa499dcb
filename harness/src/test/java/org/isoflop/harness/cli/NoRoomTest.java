package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.isoflop.harness.Programs;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps that really run out of memory or disk say so, once, and lose nothing. */
@Tag("slow")
@Timeout(180)
final class NoRoomTest {

  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void layText() throws IOException {
    Files.createDirectories(folder.resolve("texts"));
    for (int i = 0; i < 40; i++) {
      Files.writeString(
          folder.resolve("texts/" + i + ".txt"), ("Text " + i + " has words. ").repeat(40 + i));
    }
    config = folder.resolve("tiny.yaml");
    write(
        16,
        "{budgets: [3e8, 6e8], sizes: {per_budget: 4, span: 6}, expected: {tokens_per_param: 1}}");
  }

  private void write(int context, String grid) throws IOException {
    Files.writeString(
        config,
        """
        corpus: {files: ["%s"], validation_fraction: 0.2}
        decoder: {context: %d, tied: true, shapes: {layers: 1}}
        grid: %s
        training: {learning_rate: 0.01, batch_tokens: %d, sharing: none, seeds: 1, control: none}
        evaluation: {tokens: %d}
        limits: {epochs: 1e6}
        """
            .formatted(
                folder.resolve("texts"),
                context,
                grid,
                Math.max(256, context),
                Math.max(400, context)));
  }

  /** One sequence of this sweep needs more memory than the process may have. */
  @Test
  void jobsThatRunOutOfMemoryAllFailForThatReason() throws Exception {
    Path prlimit = Path.of("/usr/bin/prlimit");
    assumeTrue(Files.isExecutable(prlimit), "needs prlimit, of util-linux");
    for (int i = 0; i < 8; i++) {
      Files.writeString(folder.resolve("texts/long-" + i), ("Text " + i).repeat(500_000));
    }
    write(1_000_000, "{cells: [{budget: 1e17, params: 33e3}, {budget: 2e17, params: 33e3}]}");
    Path out = folder.resolve("out");
    List<String> command = new ArrayList<>(List.of(prlimit.toString(), "--as=3000000000"));
    command.addAll(
        IsoflopProcess.command(
            List.of(
                "-Xmx256m", "-XX:CompressedClassSpaceSize=64m", "-XX:ReservedCodeCacheSize=64m"),
            TinySweep.command(config, out, 1)));
    Path output = folder.resolve("output.txt");
    Process process = IsoflopProcess.start(command, output);

    assertThat(process.waitFor()).as(() -> read(output)).isEqualTo(1);
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).filteredOn(line -> line.contains(" failed: ")).hasSize(2);
    assertThat(lines)
        .filteredOn(line -> line.contains(" failed: "))
        .allMatch(line -> line.contains("failed: out of memory: libtorch could not allocate "));
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(
            "2 of 2 jobs failed; their reasons stand in %s/jobs/<job>/failure.txt. The same"
                    .formatted(out)
                + " command tries them again.");
    assertThat(out.resolve("report.html")).doesNotExist();
    try (Stream<Path> files = Files.walk(out.resolve("jobs"))) {
      List<Path> reasons = files.filter(file -> file.endsWith("failure.txt")).toList();
      assertThat(reasons).hasSize(2);
      assertThat(reasons)
          .allSatisfy(
              reason ->
                  assertThat(reason)
                      .content()
                      .startsWith("out of memory: libtorch could not allocate ")
                      .contains("DefaultCPUAllocator", "\n\tat "));
    }
    assertThat(CommandRun.of("status", out.toString()).out())
        .contains("out of memory: libtorch could not allocate")
        .doesNotContain("interpreter");
  }

  /** A worker whose heap one decoder's weights do not fit in fails that job, and goes on. */
  @Test
  void aJobThatFillsTheHeapOfItsWorkerFailsAloneByName() throws Exception {
    write(16, "{cells: [{budget: 3e8, params: 3e3}, {budget: 2e12, params: 6e6}]}");
    Path out = folder.resolve("out");
    Path output = folder.resolve("output.txt");
    TinySweep.begin(config, new SweepFolder(out));
    Process worker =
        IsoflopProcess.start(
            IsoflopProcess.command(List.of("-Xmx48m"), "work", out.toString(), "--device", "cpu"),
            output);
    assertThat(worker.waitFor()).as(() -> read(output)).isEqualTo(1);

    SweepStatus status = SweepStatus.read(new SweepFolder(out));
    assertThat(status.jobs())
        .extracting(JobStatus::state)
        .containsExactly(State.DONE, State.FAILED);
    String failed = status.jobs().get(1).id();
    assertThat(out.resolve("jobs").resolve(failed).resolve("failure.txt"))
        .content()
        .startsWith("out of memory: Java's heap of ")
        .contains(" is full; a larger one is ISOFLOP_JAVA_OPTIONS=-Xmx...");
    assertThat(out.resolve("jobs").resolve(failed).resolve("job.log"))
        .content()
        .contains("goes back to its last checkpoint and on in passes of 1\n");
  }

  @Test
  void aFullDiskStopsTheSweepOnceAndTheSameCommandGoesOn() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mounted(disk, "size=4m"), "a small disk cannot be mounted here");
    try {
      Path out = disk.resolve("out");
      Files.write(disk.resolve("filler"), new byte[3_700_000]);
      CommandRun full = CommandRun.of(TinySweep.command(config, out, 1));

      assertThat(full.exitCode()).as(full.out() + full.err()).isEqualTo(1);
      assertThat(full.err().lines().toList())
          .singleElement()
          .asString()
          .startsWith("isoflop: disk full: cannot write " + out)
          .contains("No space left on device")
          .endsWith("Free some space, and the same command goes on from here");
      assertThat(full.out()).contains(" done: ").doesNotContain("failed");
      Files.delete(disk.resolve("filler"));
      assertThat(CommandRun.of(TinySweep.command(config, out, 1)).exitCode()).isZero();
      assertThat(Files.readAllLines(out.resolve("points.csv"))).hasSize(1 + 8);
    } finally {
      assertThat(Programs.succeeds("umount", "-l", disk.toString())).isTrue();
    }
  }

  @Test
  void aFullDiskStopsEveryWorkerOfSeveral() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mounted(disk, "size=4m"), "a small disk cannot be mounted here");
    try {
      Path out = disk.resolve("out");
      Files.write(disk.resolve("filler"), new byte[3_700_000]);
      CommandRun full = CommandRun.of(TinySweep.command(config, out, 2));

      assertThat(full.exitCode()).as(full.out() + full.err()).isEqualTo(1);
      assertThat(full.err().lines().toList())
          .singleElement()
          .asString()
          .startsWith("isoflop: disk full: ")
          .endsWith("Free some space, and the same command goes on from here");
      assertThat(IsoflopProcess.of(out)).isEmpty();
      try (Stream<Path> files = Files.walk(out.resolve("jobs"))) {
        assertThat(files.filter(file -> file.endsWith("failure.txt"))).isEmpty();
      }
    } finally {
      assertThat(Programs.succeeds("umount", "-l", disk.toString())).isTrue();
    }
  }

  private static boolean mounted(Path disk, String options) throws InterruptedException {
    return Programs.succeeds("mount", "-t", "tmpfs", "-o", options, "none", disk.toString());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
