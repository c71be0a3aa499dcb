package org.isoflop.harness.cli;

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
}
