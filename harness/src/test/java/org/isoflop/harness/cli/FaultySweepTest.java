package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.cli.IsoflopProcess.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.isoflop.harness.Programs;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.sweep.PointsWithoutSeconds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the command line says of a sweep whose folder is damaged or closed, or whose clock jumps.
 */
@Timeout(180)
final class FaultySweepTest {

  private static final Path LIBFAKETIME =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

  @TempDir private static Path folder;
  private static Path config;
  private static Path whole;

  @BeforeAll
  static void train() throws IOException {
    config = write("tiny.yaml", "2e8", 128);
    whole = train("whole", config);
  }

  private static Path write(String name, String budgets, int batchTokens) throws IOException {
    return TinySweep.write(
        folder.resolve(name),
        budgets,
        4,
        "training: {learning_rate: 0.01, batch_tokens: %d}".formatted(batchTokens),
        "evaluation: {tokens: 400}");
  }

  private static Path train(String name, Path configuration) {
    Path sweep = folder.resolve(name);
    CommandRun.of(TinySweep.command(configuration, sweep, 1)).succeeded();
    return sweep;
  }

  @Test
  void aDamagedPlanIsOneLineThatSaysWhatToDelete() throws IOException {
    Path plan = whole.resolve("plan.json");
    byte[] sound = Files.readAllBytes(plan);
    try {
      Files.write(plan, Arrays.copyOf(sound, sound.length / 2));
      for (String[] command :
          List.of(
              TinySweep.command(config, whole, 1),
              new String[] {"work", whole.toString(), "--device", "cpu"},
              new String[] {"status", whole.toString()})) {
        CommandRun run = CommandRun.of(command);
        assertThat(run.exitCode()).as(command[0]).isEqualTo(2);
        assertThat(run.err().lines().toList())
            .singleElement()
            .asString()
            .isEqualTo(
                "isoflop: %s: cannot be read (it is not whole); delete it, and the sweep command"
                        .formatted(plan)
                    + " writes it again");
      }
      Files.delete(plan);
      CommandRun again = CommandRun.of(TinySweep.command(config, whole, 1));
      assertThat(again.exitCode()).as(again.err()).isZero();
      assertThat(again.out()).contains(" of them done already").doesNotContain(" done: ");
    } finally {
      Files.write(plan, sound);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsOneLineAndCanBeLookedAt() throws Exception {
    String path = whole.toString();
    assumeTrue(
        Programs.succeeds("mount", "--bind", path, path)
            && Programs.succeeds("mount", "-o", "remount,ro,bind", path),
        "only who may mount can make a folder read-only for root");
    try {
      CommandRun run = CommandRun.of(TinySweep.command(config, whole, 1));
      assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(2);
      assertThat(run.err().lines().toList())
          .singleElement()
          .asString()
          .isEqualTo("isoflop: %s: %s is write-protected, use another folder", path, path);
      assertThat(CommandRun.of("status", path).out()).contains("not running: ");
    } finally {
      assertThat(Programs.succeeds("umount", "-l", path)).isTrue(); // its tokens are still mapped
    }
  }

  /**
   * Thirty days, in the middle of the training; no file may be believed for being newer. Few jobs:
   * under a clock that is made up, all is five times slower.
   */
  @Tag("slow")
  @Test
  void aClockThatGoesBackChangesNothing() throws Exception {
    assumeTrue(Files.exists(LIBFAKETIME), "needs libfaketime, of Debian's package faketime");
    Path sweep = train("clock", write("clock.yaml", "3e8, 6e8", 256));
    List<String> undisturbed = PointsWithoutSeconds.of(sweep.resolve("points.csv"));
    for (String job : List.of("c6e8-d16-l1-s1", "c6e8-d24-l1-s1-trunk", "c6e8-d24-l1-s1")) {
      Files.delete(sweep.resolve("jobs/" + job + "/result.json")); // to be trained again
    }
    Path clock = Files.writeString(folder.resolve("now"), "+0");
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                IsoflopProcess.command(List.of(), "work", sweep.toString(), "--device", "cpu"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("LD_PRELOAD", LIBFAKETIME.toString());
    builder.environment().put("FAKETIME_TIMESTAMP_FILE", clock.toString());
    builder.environment().put("FAKETIME_CACHE_DURATION", "1");
    builder.environment().put("DONT_FAKE_MONOTONIC", "1");
    Process worker = builder.start();
    await(() -> Files.exists(output) && Files.readString(output).contains(" from step "));
    Files.writeString(clock, "-30d");

    assertThat(worker.waitFor()).as(Files.readString(output)).isZero();
    assertThat(PointsWithoutSeconds.of(sweep.resolve("points.csv"))).isEqualTo(undisturbed);
    List<String> times =
        Files.readAllLines(output).stream()
            .map(line -> line.substring(0, line.indexOf(' ')))
            .toList();
    assertThat(times).as("the clock did go back").isNotEqualTo(times.stream().sorted().toList());
  }
}
