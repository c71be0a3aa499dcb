package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.ShellWords;

/**
 * A cluster's scheduler, which starts workers on a sweep's folder and the analysis after them. What
 * of the sweep is done stands in the folder; a scheduler is asked for nothing but what of its own
 * is queued or running, as it forgets what has ended.
 *
 * <p>{@link Slurm} is one.
 */
public interface Scheduler {

  /** Returns what people call it. */
  String name();

  /** Returns what {@code --executor} calls it, and its folder in a sweep's. */
  default String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the option of the sweep command that takes the user's own, such as {@code --sbatch}.
   */
  String option();

  /** Returns what that option is for, with an example. */
  String optionWords();

  /** Returns which variables of a worker's environment say where it has been put. */
  List<String> place();

  /**
   * Checks that workers and their analysis could be submitted from here; writes nothing.
   *
   * @throws org.isoflop.harness.BadInputException if there is no such scheduler, or the folder or
   *     the user's options cannot stand in its script
   */
  void check(Batch batch);

  /**
   * Writes the script of a batch and submits it.
   *
   * @return the number of its job, or whatever else the scheduler knows it by
   * @throws org.isoflop.harness.BadInputException if the scheduler refuses it; says why
   * @throws UncheckedIOException if the scheduler does not answer
   */
  String submit(Batch batch);

  /** Returns those tasks of some jobs that are queued or running. */
  List<Task> tasks(Collection<String> jobs) throws UnreachableException;

  /** Returns the command that shows a job's tasks to a person. */
  String watching(String job);

  /** Returns the command that cancels a job; its workers get a SIGTERM first, and time to save. */
  String cancelling(String job);

  /** A scheduler is not there, or does not answer; says which, without a full stop. */
  final class UnreachableException extends IOException {

    private static final long serialVersionUID = 1;

    UnreachableException(String message) {
      super(message);
    }
  }

  /**
   * One task that is queued or running; of several alike, one.
   *
   * @param job that it is of, as {@link #submit} returned it
   * @param name of that job
   * @param state in one word, such as {@code queued}, {@code held} or {@code running}
   * @param reason why it waits, in the scheduler's words; empty where it does not
   */
  record Task(String job, String name, String state, String reason) {

    /** Returns the state and, of one that waits, why. */
    String standing() {
      return reason.isEmpty() ? state : state + " (" + reason + ")";
    }
  }

  /**
   * What a scheduler is to run: the workers of a sweep, all alike, or its analysis.
   *
   * @param folder the sweep's, by its absolute path
   * @param program the command line that runs isoflop
   * @param workers how many; 0 of an analysis
   * @param gpu whether each worker has a GPU of its own, or a processor; an analysis has the latter
   * @param limit how long one of them may take
   * @param lead how long before that, or before it has to go, a worker is asked to save its job
   * @param options of the user's for the scheduler's command, any number in each; they stand above
   *     ours
   * @param after jobs that must have ended before it, however they did
   */
  record Batch(
      SweepFolder folder,
      List<String> program,
      int workers,
      boolean gpu,
      Duration limit,
      Duration lead,
      List<String> options,
      List<String> after) {

    /** What a task takes over from who submits it, as a site may not pass an environment on. */
    private static final List<String> ENVIRONMENT =
        List.of(
            "LANG",
            "LC_ALL",
            "PYTORCH_LIBRARY_PATH",
            "PYTORCH_VERSION",
            "PYTORCH_FLAVOR",
            "DJL_CACHE_DIR",
            "ENGINE_CACHE_DIR",
            "ISOFLOP_CACHE",
            "XDG_CACHE_HOME");

    private static final Duration ANALYSIS = Duration.ofMinutes(30);

    /** Copies the lists. */
    public Batch {
      program = List.copyOf(program);
      options = List.copyOf(options);
      after = List.copyOf(after);
    }

    /** Returns the analysis of the same sweep. */
    Batch analysis(List<String> afterThese) {
      return new Batch(folder, program, 0, false, ANALYSIS, Duration.ZERO, options, afterThese);
    }

    boolean isAnalysis() {
      return workers == 0;
    }

    /** Returns a name for its job. */
    String name() {
      return "isoflop-" + folder.path().getFileName().toString().replaceAll("[^\\w.-]", "_");
    }

    /** Returns where its script goes. */
    Path script(Scheduler by) {
      return folder.of(by).resolve(isAnalysis() ? "analysis.sh" : "workers.sh");
    }

    /**
     * Returns the text of its script, which a person may read, change and submit. The command takes
     * the shell's place, so that signals reach it.
     *
     * @param lines of the scheduler's own, at the top
     */
    String text(List<String> lines) {
      List<String> all = new ArrayList<>(List.of("#!/bin/sh"));
      all.addAll(lines);
      all.add("");
      all.add("export OMP_NUM_THREADS=" + System.getenv().getOrDefault("OMP_NUM_THREADS", "1"));
      new TreeMap<>(System.getenv())
          .forEach(
              (variable, value) -> {
                if (ENVIRONMENT.contains(variable)) {
                  all.add("export " + variable + "=" + ShellWords.quoted(value));
                }
              });
      all.add("cd " + ShellWords.quoted(Path.of("").toAbsolutePath()));
      List<String> command = new ArrayList<>(program);
      command.addAll(List.of(isAnalysis() ? "analyze" : "work", folder.path().toString()));
      if (!isAnalysis()) {
        command.addAll(List.of("--device", gpu ? "cuda" : "cpu"));
      }
      all.add("exec " + ShellWords.line(command));
      return String.join("\n", all) + "\n";
    }

    /** Writes that script, and makes the folder of the workers' logs, which no scheduler would. */
    Path write(Scheduler by, List<String> lines) {
      try {
        Files.createDirectories(folder.workerLogs());
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot make " + folder.workerLogs() + ": " + e.getMessage(), e);
      }
      AtomicFiles.writeText(script(by), out -> out.write(text(lines)));
      return script(by);
    }
  }
}
