package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;

/**
 * The Slurm that this machine belongs to, asked by its own commands, each within a bounded time: a
 * controller that is down lets them hang.
 */
final class Slurm {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What {@code squeue} says of jobs that it has forgotten, or never knew. */
  private static final String FORGOTTEN = "Invalid job id";

  private Slurm() {}

  /** Slurm is not there, or does not answer; the message says which, without a full stop. */
  static final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1;

    UnreachableException(String message) {
      super(message);
    }
  }

  /**
   * One task that is queued or running; of an array, one element.
   *
   * @param job the number of the job, or the array, that it is of
   * @param name of that job
   * @param state in Slurm's words, such as {@code PENDING} or {@code RUNNING}
   * @param reason why it waits, in Slurm's words, such as {@code Resources}; {@code None} where it
   *     does not
   */
  record Task(String job, String name, String state, String reason) {

    /** Returns where the task stands in one word. */
    String word() {
      return !state.equals("PENDING")
          ? state.toLowerCase(Locale.ROOT)
          : reason.startsWith("JobHeld") ? "held" : "queued";
    }

    /** The same, of one that waits also why. */
    String standing() {
      return state.equals("PENDING") ? word() + " (" + reason + ")" : word();
    }
  }

  /**
   * Checks that jobs could be submitted from here.
   *
   * @throws BadInputException if there is no {@code sbatch}
   */
  static void checkInstalled() {
    try {
      run(List.of("sbatch", "--version"));
    } catch (IOException e) {
      throw BadInputException.of(
          "--executor slurm: %s; use a machine that submits to Slurm, or --executor local",
          e.getMessage());
    }
  }

  /**
   * Submits a script and returns the job's number.
   *
   * @param options for {@code sbatch}, beside those in the script
   * @throws BadInputException if Slurm refuses it; says why
   * @throws UncheckedIOException if Slurm does not answer
   */
  static String submit(Path script, String... options) {
    List<String> command = new ArrayList<>(List.of("sbatch", "--parsable"));
    Stream.of(options).filter(option -> !option.isEmpty()).forEach(command::add);
    command.add(script.toString());
    try {
      Answer answer = run(command);
      if (answer.exitCode() != 0) {
        throw BadInputException.of(
            "--sbatch: Slurm refuses %s (%s); the sweep is planned, and the same command with other"
                + " options submits it",
            script, answer.complaint());
      }
      return answer.output().strip().split(";", -1)[0]; // then the cluster, where there are several
    } catch (UnreachableException e) {
      throw new UncheckedIOException("cannot submit " + script + ": " + e.getMessage(), e);
    }
  }

  /** Returns those tasks of some jobs that are queued or running. */
  static List<Task> tasks(Collection<String> jobs) throws UnreachableException {
    if (jobs.isEmpty()) {
      return List.of();
    }
    Answer answer =
        run(
            List.of(
                "squeue",
                "--noheader",
                "--array",
                "--jobs=" + String.join(",", jobs),
                "--format=%F|%T|%r|%j")); // a name may hold anything
    if (answer.exitCode() != 0) {
      if (answer.complaint().contains(FORGOTTEN)) {
        return List.of();
      }
      throw new UnreachableException(answer.complaint());
    }
    return answer
        .output()
        .lines()
        .map(line -> line.split("\\|", 4))
        .filter(fields -> fields.length == 4)
        .map(fields -> new Task(fields[0], fields[3], fields[1], fields[2]))
        .toList();
  }

  /** What a command said. */
  private record Answer(int exitCode, String output, String errors) {

    /** Returns the last line of what went wrong, without who says so. */
    String complaint() {
      return errors
          .lines()
          .filter(line -> !line.isBlank())
          .reduce((earlier, later) -> later)
          .map(line -> line.replaceFirst("^\\w+: (error: )?", ""))
          .orElse("exit code " + exitCode);
    }
  }

  private static Answer run(List<String> command) throws UnreachableException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // A sweep may be submitted from within a job, whose settings are not those of its tasks.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SLURM_") && !name.equals("SLURM_CONF"));
    try {
      Process process = builder.start();
      try {
        process.getOutputStream().close();
        CompletableFuture<String> output = text(process.getInputStream());
        CompletableFuture<String> errors = text(process.getErrorStream());
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new UnreachableException(
              command.get(0) + " has not answered for " + PATIENCE.toSeconds() + " s");
        }
        return new Answer(
            process.exitValue(), output.get(1, TimeUnit.SECONDS), errors.get(1, TimeUnit.SECONDS));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw e instanceof UnreachableException unreachable
          ? unreachable
          : new UnreachableException("there is no " + command.get(0) + " here");
    } catch (ExecutionException | TimeoutException e) {
      throw new UnreachableException(command.get(0) + " has not said anything: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException(command.get(0) + " was not waited for");
    }
  }

  private static CompletableFuture<String> text(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
