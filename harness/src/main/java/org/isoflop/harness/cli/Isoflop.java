package org.isoflop.harness.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.models.UnusableLibtorchException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program: {@code isoflop COMMAND}. Exits with 0 done, 1 a run failed, 2 the input is wrong; a
 * sweep that a signal stopped with 128 and the signal's number.
 */
@Command(
    name = "isoflop",
    description = "Plans, trains and analyses IsoFLOP sweeps of decoder-only transformers.",
    subcommands = {
      InitCommand.class,
      TokenizeCommand.class,
      PlanCommand.class,
      TuneCommand.class,
      SweepCommand.class,
      WorkCommand.class,
      StatusCommand.class,
      AnalyzeCommand.class,
      CompareCommand.class,
      AllocateCommand.class,
      SuggestCommand.class,
      BenchCommand.class,
    },
    mixinStandardHelpOptions = true,
    versionProvider = Isoflop.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Isoflop {

  private static final int LONGEST_LINE = 1000;

  private Isoflop() {}

  /** Runs the program. */
  public static void main(String[] arguments) {
    StopSignals.setDefaults();
    System.exit(commandLine(writer(System.out), writer(System.err)).execute(arguments));
  }

  /** Returns the command line that runs this program again, as this process was started. */
  static List<String> program() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Isoflop.class.getName());
    return command;
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
        // A file called @x is that file, not one that holds arguments.
        .setExpandAtFiles(false)
        .setExecutionStrategy(Isoflop::runLast)
        .setParameterExceptionHandler(inOneLine())
        .setExecutionExceptionHandler(byKind());
  }

  /**
   * Runs the command; where the heap or the stack does not suffice, that is a failure like others.
   */
  private static int runLast(CommandLine.ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (OutOfMemoryError | StackOverflowError e) {
      CommandLine command = parsed.asCommandLineList().get(0);
      complain(
          command,
          e instanceof OutOfMemoryError
              ? Quantities.format(
                  "the heap of %s does not suffice for this input; ISOFLOP_JAVA_OPTIONS=-Xmx8g gives"
                      + " more",
                  Quantities.bytes((double) Runtime.getRuntime().maxMemory()))
              : "the input is nested too deeply");
      return CommandLine.ExitCode.SOFTWARE;
    }
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
      if (exception instanceof BadInputException
          || exception instanceof UnusableLibtorchException) {
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
    command.getErr().println("isoflop: " + oneLine(message));
  }

  /** What a user's file holds must neither fill the screen nor steer the terminal. */
  private static String oneLine(String message) {
    String line =
        message
            .replaceAll("\\s*\\R\\s*", " ")
            .replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "\ufffd");
    return line.length() <= LONGEST_LINE
        ? line
        : line.substring(0, LONGEST_LINE / 2)
            + " … "
            + line.substring(line.length() - LONGEST_LINE / 2);
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
