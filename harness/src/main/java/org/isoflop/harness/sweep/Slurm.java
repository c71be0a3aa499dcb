package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.ShellWords;

/** Slurm: an array of workers, and an analysis after them whatever becomes of it. */
final class Slurm implements Scheduler {

  /** What {@code squeue} says of jobs that it has forgotten, or never knew. */
  private static final String FORGOTTEN = "Invalid job id";

  /** An option with its value, if that follows an equals sign; quotes hold blanks together. */
  private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

  /** What a user asks for workers and an analysis needs none of. */
  private static final Pattern OF_WORKERS_ALONE =
      Pattern.compile(
          "(--(array|gres|gpus|gpus-per-\\w+|cpus-per-\\w+|mem-per-gpu|time|time-min|signal|output|error"
              + "|ntasks|exclusive)(=.*)?|-[aGcteon].*)");

  private static final Pattern GPUS = Pattern.compile("(--(gres|gpus|gpus-per-\\w+)\\b|-G).*");

  /** What Slurm's patterns for the names of files, or its quotes, cannot hold. */
  private static final Pattern UNWRITABLE = Pattern.compile("[\"\\\\\\p{Cntrl}]");

  @Override
  public String name() {
    return "Slurm";
  }

  @Override
  public String option() {
    return "--sbatch";
  }

  @Override
  public String optionWords() {
    return "Options for sbatch, such as --sbatch=\"--partition=gpu --account=x\"; may be repeated."
        + " They are above those that isoflop sets itself.";
  }

  @Override
  public List<String> place() {
    return List.of("SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_RESTART_COUNT");
  }

  @Override
  public void check(Batch batch) {
    if (UNWRITABLE.matcher(batch.folder().path().toString()).find()) {
      throw BadInputException.of(
          "--out: %s has a quote, a backslash or a control character, which Slurm cannot have in"
              + " the name of a log; use another folder",
          batch.folder().path());
    }
    for (String option : batch.options()) {
      if (!option.startsWith("-") || option.lines().count() > 1) {
        throw BadInputException.of(
            "--sbatch: '%s' is no option of sbatch, use such as --sbatch=--partition=gpu", option);
      }
    }
    try {
      run(List.of("sbatch", "--version"));
    } catch (IOException e) {
      throw BadInputException.of(
          "--executor slurm: %s; use a machine that submits to Slurm, or --executor local",
          e.getMessage());
    }
  }

  @Override
  public String submit(Batch batch) {
    Path script = batch.write(this, lines(batch));
    List<String> command = new ArrayList<>(List.of("sbatch", "--parsable"));
    if (!batch.after().isEmpty()) {
      command.add("--dependency=afterany:" + String.join(":", batch.after()));
    }
    command.add(script.toString());
    try {
      ClusterCommand answer = run(command);
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

  /** Returns the comment and the options at the top of a script; the user's, after ours, win. */
  List<String> lines(Batch batch) {
    return batch.isAnalysis() ? ofAnalysis(batch) : ofWorkers(batch);
  }

  private List<String> ofWorkers(Batch batch) {
    List<String> lines = new ArrayList<>();
    lines.add("# Workers of a sweep, written by isoflop sweep --executor slurm. By hand:");
    lines.add("#   sbatch " + ShellWords.quoted(batch.script(this)));
    options(lines, "--job-name=" + batch.name(), "--array=0-" + (batch.workers() - 1));
    options(lines, "--cpus-per-task=" + (batch.gpu() ? 2 : 1));
    if (batch.gpu() && words(batch).noneMatch(word -> GPUS.matcher(word).matches())) {
      options(lines, "--gres=gpu:1");
    }
    options(lines, "--time=" + minutes(batch.limit()));
    lines.add(
        "# So long before its end a worker is asked to save its job; the shell becomes the"
            + " worker.");
    options(lines, "--signal=B:TERM@" + batch.lead().toSeconds(), "--requeue");
    options(lines, "--open-mode=append", "--output=" + log(batch, "workers/slurm-%A_%a.log"));
    batch.options().forEach(option -> options(lines, option));
    return lines;
  }

  private List<String> ofAnalysis(Batch batch) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# The analysis of a sweep, written by isoflop sweep --executor slurm. By hand, after the");
    lines.add("# workers, which are job ID:");
    lines.add("#   sbatch --dependency=afterany:ID " + ShellWords.quoted(batch.script(this)));
    options(lines, "--job-name=" + batch.name(), "--cpus-per-task=1");
    options(lines, "--time=" + minutes(batch.limit()));
    options(lines, "--output=" + log(batch, "slurm/analysis-%j.log"));
    List<String> words = words(batch).toList();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean hasValue = i + 1 < words.size() && !words.get(i + 1).startsWith("-");
      if (!OF_WORKERS_ALONE.matcher(word).matches()) {
        options(lines, hasValue ? word + " " + words.get(i + 1) : word);
      }
      i += hasValue ? 1 : 0;
    }
    return lines;
  }

  private static Stream<String> words(Batch batch) {
    return batch.options().stream()
        .flatMap(option -> WORD.matcher(option).results())
        .map(MatchResult::group);
  }

  private static void options(List<String> lines, String... options) {
    lines.add("#SBATCH " + String.join(" ", options));
  }

  /** Returns the name of a log, in which Slurm puts numbers for %A and the like. */
  private static String log(Batch batch, String name) {
    return "\"" + batch.folder().path().toString().replace("%", "%%") + "/" + name + "\"";
  }

  private static long minutes(Duration time) {
    return (time.toSeconds() + 59) / 60;
  }

  @Override
  public List<Task> tasks(Collection<String> jobs) throws UnreachableException {
    if (jobs.isEmpty()) {
      return List.of();
    }
    ClusterCommand answer =
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
        .map(fields -> task(fields[0], fields[3], fields[1], fields[2]))
        .toList();
  }

  private static Task task(String job, String name, String state, String reason) {
    return state.equals("PENDING")
        ? new Task(job, name, reason.startsWith("JobHeld") ? "held" : "queued", reason)
        : new Task(job, name, state.toLowerCase(Locale.ROOT), "");
  }

  @Override
  public String watching(String job) {
    return "squeue --array --jobs " + job;
  }

  @Override
  public String cancelling(String job) {
    return "scancel " + job;
  }

  private static ClusterCommand run(List<String> command) throws UnreachableException {
    return ClusterCommand.run(
        variable -> variable.startsWith("SLURM_") && !variable.equals("SLURM_CONF"), command);
  }
}
