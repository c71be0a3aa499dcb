package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code --help} prints after every command. */
final class HelpTest {

  private static CommandLine commandLine() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Isoflop.commandLine(nowhere, nowhere);
  }

  static Stream<String> commands() {
    return commandLine().getSubcommands().keySet().stream();
  }

  /** A description is a format: of one that is none, a warning and the raw text are printed. */
  @ParameterizedTest
  @MethodSource("commands")
  @ResourceLock(Resources.SYSTEM_ERR)
  void isWholeAndWithoutWarnings(String command) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    CommandRun help;
    try {
      help = CommandRun.of(command, "--help");
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: isoflop " + command).doesNotContain("%%", "%n", "${");
    assertThat(help.out().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }
}
