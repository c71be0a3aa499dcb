package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What the real command line did with some arguments, in this JVM.
 *
 * @param exitCode what the process would have exited with
 * @param out standard output
 * @param err error output
 */
record CommandRun(int exitCode, String out, String err) {

  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Isoflop.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
            .execute(arguments);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** Asserts that the command came to its end. */
  CommandRun succeeded() {
    assertThat(exitCode).as(out + err).isZero();
    return this;
  }

  /** Asserts that the command was refused in one line with these words. */
  void refused(String... words) {
    assertThat(exitCode).as(out + err).isEqualTo(2);
    assertThat(err).hasLineCount(1).contains(words);
  }
}
