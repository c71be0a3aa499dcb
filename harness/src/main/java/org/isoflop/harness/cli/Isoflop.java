package org.isoflop.harness.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import org.isoflop.harness.BadInputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program: {@code isoflop COMMAND}. Exits with 0 done, 1 a run failed, 2 the input is wrong.
 */
@Command(
    name = "isoflop",
    description = "Plans, trains and analyses IsoFLOP sweeps of decoder-only transformers.",
    subcommands = {
      PlanCommand.class,
      SweepCommand.class,
      StatusCommand.class,
      AnalyzeCommand.class,
      AllocateCommand.class,
      SuggestCommand.class,
      BenchCommand.class,
    },
    mixinStandardHelpOptions = true,
    versionProvider = Isoflop.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Isoflop {

  private Isoflop() {}

  /** Runs the program. */
  public static void main(String[] arguments) {
    System.exit(commandLine(writer(System.out), writer(System.err)).execute(arguments));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /** Returns the program with its output and its error output. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new Isoflop())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(inOneLine())
        .setExecutionExceptionHandler(byKind());
  }

  private static IParameterExceptionHandler inOneLine() {
    return (exception, arguments) -> {
      CommandLine command = exception.getCommandLine();
      String message = exception.getMessage();
      if (exception instanceof UnmatchedArgumentException unmatched) {
        message = "unknown argument " + String.join(" ", unmatched.getUnmatched());
      }
      if (arguments.length == 0) {
        message = "a command is missing";
      }
      complain(
          command,
          message
              + "; '"
              + command.getCommandSpec().qualifiedName()
              + " --help' says what there is");
      return CommandLine.ExitCode.USAGE;
    };
  }

  private static IExecutionExceptionHandler byKind() {
    return (exception, command, parsed) -> {
      if (exception instanceof BadInputException) {
        complain(command, exception.getMessage());
        return CommandLine.ExitCode.USAGE;
      }
      if (exception instanceof UncheckedIOException) {
        complain(command, exception.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
      }
      exception.printStackTrace(command.getErr());
      return CommandLine.ExitCode.SOFTWARE;
    };
  }

  private static void complain(CommandLine command, String message) {
    command.getErr().println("isoflop: " + message.replaceAll("\\s*\\R\\s*", " "));
  }

  /** Says which version this is. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Isoflop.class.getPackage().getImplementationVersion();
      return new String[] {"isoflop " + (version == null ? "(not packaged)" : version)};
    }
  }
}
