package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;
import org.isoflop.harness.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files without an end, or with one far off: refused in one line, and soon. */
@Timeout(60)
final class HugeInputTest {

  @TempDir private Path folder;

  /** Makes a file of so many zeros that takes no room on the disk. */
  private Path sparse(String name, long bytes) throws IOException {
    Path file = folder.resolve(name);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
    }
    return file;
  }

  private void refused(String words, String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    assertThat(run.err()).startsWith("isoflop: " + arguments[1] + ": ").contains(words);
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private void pointsRefused(String words, Path file) {
    refused(words, "analyze", file.toString(), "--out", folder + "/out");
  }

  private void configurationRefused(String words, Path file) {
    refused(words, "plan", file.toString(), "--out", folder + "/out");
  }

  @Test
  void largeFiles() throws IOException {
    pointsRefused("more than 64 MiB", sparse("log.csv", 300 << 20));
    configurationRefused("larger than 1 MiB", sparse("log.yaml", 50 << 20));
    Path bomb = folder.resolve("bomb.csv.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 70; i++) {
        gzip.write(block);
      }
    }
    pointsRefused("more than 64 MiB", bomb);
  }

  @Test
  void devicesWithoutAnEnd() {
    Path zero = Path.of("/dev/zero");
    assumeTrue(Files.isReadable(zero), "there is no /dev/zero here");
    pointsRefused("more than 64 MiB", zero);
    configurationRefused("larger than 1 MiB", zero);
  }

  @Test
  void aPipeThatNobodyWritesTo() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(Programs.succeeds("mkfifo", pipe.toString()), "there is no mkfifo here");
    pointsRefused("is a pipe", pipe);
    configurationRefused("is a pipe", pipe);
  }
}
