package org.isoflop.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.isoflop.harness.cli.IsoflopProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whole or absent, whatever stands where they are to go or beside it. */
final class AtomicFilesTest {

  /** No process of this machine has this number. */
  private static final String DEAD = Host.processes() + "-99999999999";

  private static final String ELSEWHERE = "00000000-99999999999";

  @TempDir private Path folder;

  private static void write(Path file, String text) {
    AtomicFiles.writeText(file, out -> out.write(text));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingBeside() throws IOException {
    Path file = folder.resolve("table.csv");
    write(file, "old");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(
            () ->
                AtomicFiles.writeText(
                    file,
                    out -> {
                      out.write("half");
                      throw new IOException("disk full");
                    }))
        .withMessageContaining("table.csv: disk full");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("table.csv");
  }

  @Test
  void aLinkStaysOneAndItsFileIsReplaced() throws IOException {
    Path real = folder.resolve("elsewhere/real.csv");
    write(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("a.csv"), Path.of("elsewhere/real.csv"));
    write(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(real).hasContent("new");
    Path dangling = Files.createSymbolicLink(folder.resolve("b.csv"), Path.of("none.csv"));
    write(dangling, "made");
    assertThat(dangling).isSymbolicLink();
    assertThat(folder.resolve("none.csv")).hasContent("made");
    Path loop = Files.createSymbolicLink(folder.resolve("c.csv"), Path.of("c.csv"));
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> write(loop, "x"));
  }

  @Test
  void aDeviceIsWrittenToAndStaysOne() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.isWritable(device), "there is no /dev/null here");
    AtomicFiles.checkFile(device);
    write(device, "gone");
    assertThat(Files.isRegularFile(device)).isFalse();
    assertThat(device).exists();
  }

  @Test
  void aPipeIsWrittenTo() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(Programs.succeeds("mkfifo", pipe.toString()), "there is no mkfifo here");
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    write(pipe, "through");
    assertThat(read.get()).isEqualTo("through");
    assertThat(names()).containsExactly("pipe");
  }

  @Test
  void onlyOurOwnLeftoversAreDeleted() throws IOException {
    String alive = Host.processes() + "-" + ProcessHandle.current().parent().orElseThrow().pid();
    List<String> kept =
        List.of(
            "thesis.tmp",
            "points.csv.4711.tmp",
            "points.csv.isoflop-x-1f.tmp",
            ".isoflop-" + DEAD + "-1f.tmp",
            "points.csv.isoflop-" + alive + "-1f.tmp",
            "points.csv.isoflop-" + ELSEWHERE + "-1f.tmp");
    for (String name : kept) {
      Files.writeString(folder.resolve(name), "mine");
    }
    Path outside = Files.createTempFile("outside", ".txt");
    Files.createSymbolicLink(folder.resolve("link.isoflop-" + DEAD + "-1f.tmp"), outside);
    Path deep = folder.resolve("jobs/a/losses.csv.isoflop-" + DEAD + "-1f.tmp");
    Files.createDirectories(deep.getParent());
    Files.writeString(deep, "half");
    assertThat(AtomicFiles.isTemporary(deep)).isTrue();

    AtomicFiles.deleteStale(folder);

    assertThat(deep).doesNotExist();
    assertThat(names()).containsAll(kept).contains("link.isoflop-" + DEAD + "-1f.tmp");
    assertThat(outside).exists();
    Files.delete(outside);

    AtomicFiles.deleteTemporary(folder);

    assertThat(names())
        .as("of the whole world's, where one alone may write")
        .contains("thesis.tmp", "points.csv.4711.tmp")
        .doesNotContain("points.csv.isoflop-" + ELSEWHERE + "-1f.tmp");
  }

  /** A namespace of process numbers and a host name of its own are another machine to us. */
  @Test
  void whatAnotherMachineIsWritingStays() throws Exception {
    List<String> command = new ArrayList<>(IsoflopProcess.elsewhere());
    assumeTrue(!command.isEmpty(), "only who may unshare namespaces can pretend machines");
    command.addAll(TestJava.command(Slow.class, List.of(), folder + "/slow.txt"));
    Process other = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    try (InputStream says = other.getInputStream()) {
      assertThat(says.read()).isEqualTo('w');
      AtomicFiles.deleteStale(folder);
      assertThat(names()).singleElement().asString().startsWith("slow.txt.isoflop-");
      other.getOutputStream().close();
      assertThat(other.waitFor()).isZero();
    } finally {
      other.destroyForcibly();
    }
    assertThat(folder.resolve("slow.txt")).hasContent("at last");
  }

  /** Writes a file until its standard input ends. */
  static final class Slow {
    private Slow() {}

    public static void main(String[] arguments) {
      AtomicFiles.writeText(
          Path.of(arguments[0]),
          out -> {
            System.out.print("w");
            System.out.flush();
            while (System.in.read() >= 0) {
              // Not yet.
            }
            out.write("at last");
          });
    }
  }
}
