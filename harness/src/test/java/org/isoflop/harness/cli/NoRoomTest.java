package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps that really run out of memory or disk say so, once, and lose nothing. */
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
        "{budgets: [3e8, 6e8], sizes: {per_budget: 4, span: 6}, expected: {tokens_per_param: 1}}",
        256);
  }

  private void write(String grid, int batchTokens) throws IOException {
    Files.writeString(
        config,
        """
        corpus: {files: ["%s"], validation_fraction: 0.2}
        decoder: {context: 16, tied: true}
        grid: %s
        training: {learning_rate: 0.01, batch_tokens: %d, micro_batch_tokens: %d, sharing: none}
        evaluation: {tokens: 400}
        limits: {epochs: 1e6}
        """
            .formatted(folder.resolve("texts"), grid, batchTokens, batchTokens));
  }

  /** The passes of this sweep need gigabytes, of which the process may not have enough. */
  @Test
  void jobsThatRunOutOfMemoryAllFailForThatReason() throws Exception {
    Path prlimit = Path.of("/usr/bin/prlimit");
    assumeTrue(Files.isExecutable(prlimit), "needs prlimit, of util-linux");
    write("{cells: [{budget: 1e13, params: 3e3}, {budget: 3e13, params: 3e3}]}", 1_000_000);
    Path out = folder.resolve("out");
    List<String> command = new ArrayList<>(List.of(prlimit.toString(), "--as=3000000000"));
    command.addAll(
        IsoflopProcess.command(
            List.of(
                "-Xmx256m", "-XX:CompressedClassSpaceSize=64m", "-XX:ReservedCodeCacheSize=64m"),
            sweep(out)));
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

  @Test
  void aFullDiskStopsTheSweepOnceAndTheSameCommandGoesOn() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mounted(disk, "size=4m"), "a small disk cannot be mounted here");
    try {
      Path out = disk.resolve("out");
      Files.write(disk.resolve("filler"), new byte[3_700_000]);
      CommandRun full = CommandRun.of(sweep(out));

      assertThat(full.exitCode()).as(full.out() + full.err()).isEqualTo(1);
      assertThat(full.err().lines().toList())
          .singleElement()
          .asString()
          .startsWith("isoflop: disk full: cannot write " + out)
          .contains("No space left on device")
          .endsWith("Free some space, and the same command goes on from here");
      assertThat(full.out()).contains(" done: ").doesNotContain("failed");
      Files.delete(disk.resolve("filler"));
      assertThat(CommandRun.of(sweep(out)).exitCode()).isZero();
      assertThat(Files.readAllLines(out.resolve("points.csv"))).hasSize(1 + 8);
    } finally {
      new ProcessBuilder("umount", "-l", disk.toString()).start().waitFor();
    }
  }

  @Test
  void aFullDiskStopsEveryWorkerOfSeveral() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mounted(disk, "size=4m"), "a small disk cannot be mounted here");
    try {
      Path out = disk.resolve("out");
      Files.write(disk.resolve("filler"), new byte[3_700_000]);
      String[] arguments = sweep(out);
      arguments[arguments.length - 1] = "2";
      CommandRun full = CommandRun.of(arguments);

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
      new ProcessBuilder("umount", "-l", disk.toString()).start().waitFor();
    }
  }

  private static boolean mounted(Path disk, String options) throws Exception {
    try {
      Process mount =
          new ProcessBuilder("mount", "-t", "tmpfs", "-o", options, "none", disk.toString())
              .redirectErrorStream(true)
              .start();
      return mount.waitFor(10, TimeUnit.SECONDS) && mount.exitValue() == 0;
    } catch (IOException e) {
      return false; // no mount here
    }
  }

  private String[] sweep(Path out) {
    return new String[] {
      "sweep", config.toString(), "--out", out.toString(), "--device", "cpu", "--slots", "1"
    };
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
