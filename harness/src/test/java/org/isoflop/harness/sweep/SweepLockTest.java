package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Programs;
import org.isoflop.harness.TestJava;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time writes into a sweep's folder; any may look whether one does. */
final class SweepLockTest {

  @TempDir private Path path;

  @Test
  void aLockOfAnotherProcessIsSeenAndRespected() throws Exception {
    SweepFolder folder = new SweepFolder(path);
    assertThat(folder.isLocked()).isFalse();
    try (Another other = new Another(path)) {
      assertThat(other.says).isEqualTo("held");
      assertThat(folder.isLocked()).isTrue();
      assertThatThrownBy(folder::lock)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("another process is running this sweep");
    }
    assertThat(folder.isLocked()).isFalse();
    folder.lock().close();
  }

  @Test
  void lookingAtOnesOwnLockDoesNotGiveItUp() throws Exception {
    SweepFolder folder = new SweepFolder(path);
    try (LockFile.Held lock = folder.lock()) {
      assertThat(folder.isLocked()).isTrue();
      assertThatThrownBy(folder::lock).isInstanceOf(BadInputException.class);
      assertThat(lock.channel().isOpen()).isTrue();
      try (Another other = new Another(path)) {
        assertThat(other.says).startsWith("refused: ");
      }
    }
    assertThat(folder.isLocked()).isFalse();
  }

  @Test
  void lookingWorksWhereNothingCanBeWritten() throws Exception {
    SweepFolder folder = new SweepFolder(path.resolve("run"));
    folder.lock().close();
    Path mount = folder.path();
    assumeTrue(
        Programs.succeeds("mount", "--bind", mount.toString(), mount.toString())
            && Programs.succeeds("mount", "-o", "remount,ro,bind", mount.toString()),
        "only who may mount can test a read-only mount");
    try {
      assertThatThrownBy(() -> Files.createFile(mount.resolve("new")))
          .isInstanceOf(IOException.class);
      assertThat(folder.isLocked()).isFalse();
    } finally {
      assertThat(Programs.succeeds("umount", mount.toString())).isTrue();
    }
  }

  /** As over NFS without a lock service, or on Lustre mounted without flock. */
  @Test
  void aFileSystemWithoutLocksIsNamed() throws Exception {
    List<String> strace =
        List.of(
            "strace",
            "--follow-forks",
            "--output=/dev/null",
            "--trace-path=" + path.resolve(".lock"),
            "--inject=fcntl:error=ENOLCK");
    List<String> probe = new ArrayList<>(strace);
    probe.add("true");
    assumeTrue(Programs.succeeds(probe), "only strace can take the locks away");
    try (Another other = new Another(path, strace)) {
      assertThat(other.says)
          .startsWith("refused: " + path.resolve(".lock") + ": cannot be locked (No locks avail");
    }
  }

  /** Another process that tries to take the lock, and keeps it until it is closed. */
  static final class Another implements AutoCloseable {

    private final Process process;
    private final String says;

    Another(Path folder) throws IOException {
      this(folder, List.of());
    }

    /** Runs under another command. */
    Another(Path folder, List<String> under) throws IOException {
      List<String> command = new ArrayList<>(under);
      command.addAll(TestJava.command(Another.class, List.of(), folder.toString()));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      says =
          new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
    }

    @Override
    public void close() throws Exception {
      try (OutputStream ask = process.getOutputStream()) {
        ask.write('\n');
      }
      assertThat(process.waitFor()).isZero();
    }

    public static void main(String[] arguments) throws IOException {
      try (LockFile.Held lock = new SweepFolder(Path.of(arguments[0])).lock()) {
        System.out.println(lock.channel().isOpen() ? "held" : "closed");
        System.in.read();
      } catch (BadInputException e) {
        System.out.println("refused: " + e.getMessage());
        System.in.read();
      }
    }
  }
}
