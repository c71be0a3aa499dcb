package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.Programs;
import org.isoflop.harness.TestJava;

/** The program in a process of its own, with this JVM's class path. */
public final class IsoflopProcess {

  private IsoflopProcess() {}

  /** Returns the command line of a Java that runs the program, for workers of a sweep in a test. */
  public static List<String> program() {
    return command(List.of());
  }

  /** Returns the command line of a Java that runs the program, its options first. */
  public static List<String> command(List<String> javaOptions, String... arguments) {
    return TestJava.command(Isoflop.class, javaOptions, arguments);
  }

  /** Returns the processes that have a path among their arguments; none where there is no /proc. */
  public static List<ProcessHandle> of(Path argument) {
    return ProcessHandle.allProcesses()
        .filter(process -> arguments(process).contains(argument.toString()))
        .toList();
  }

  /** Java's own way to ask forgets long command lines. */
  private static List<String> arguments(ProcessHandle process) {
    try {
      Path arguments = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
      return List.of(Files.readString(arguments).split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Returns what a command is to be run under so that it takes this machine for another one, called
   * {@code elsewhere}: with a host name and a count of processes of its own. Empty where that is
   * not allowed.
   */
  public static List<String> elsewhere() throws InterruptedException {
    List<String> under =
        List.of(
            "unshare",
            "--uts",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "sh",
            "-c",
            "hostname elsewhere && exec \"$@\"",
            "sh");
    List<String> probe = new ArrayList<>(under);
    probe.add("true");
    return Programs.succeeds(probe) ? under : List.of();
  }

  /** Something that becomes true in time. */
  public interface Question {
    /** Returns whether it has. */
    boolean answer() throws IOException;
  }

  /** Asks again and again, for as long as a busy machine may take. */
  public static void await(Question question) throws Exception {
    long begin = System.nanoTime();
    while (!question.answer()) {
      assertThat((System.nanoTime() - begin) * 1e-9).as("seconds of waiting").isLessThan(180);
      Thread.sleep(20);
    }
  }

  /** Sends a signal by its name. */
  public static void signal(String name, ProcessHandle process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Starts a process whose two outputs go to one file. */
  static Process start(List<String> command, Path output) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
