package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;

/**
 * The scripts by which Slurm trains a sweep: one of identical workers, and one that analyses what
 * they have left. A person may read, change and submit them.
 *
 * @param name of the jobs
 * @param program the command line that runs isoflop
 * @param gpu whether each worker has a GPU of its own, or a processor
 * @param limit how long a worker may take
 * @param lead how long before that, or before it has to go, a worker is asked to save its job
 * @param options of the user's for {@code sbatch}, any number in each, after ours and so above them
 */
record SlurmScripts(
    SweepFolder folder,
    String name,
    List<String> program,
    boolean gpu,
    Duration limit,
    Duration lead,
    List<String> options) {

  /** What a worker takes over from who submits it, as a site may not pass an environment on. */
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

  /** Refuses what cannot be written into a script with {@link BadInputException}. */
  SlurmScripts {
    program = List.copyOf(program);
    options = List.copyOf(options);
    if (UNWRITABLE.matcher(folder.path().toString()).find()) {
      throw BadInputException.of(
          "--out: %s has a quote, a backslash or a control character, which Slurm cannot have in the"
              + " name of a log; use another folder",
          folder.path());
    }
    for (String option : options) {
      if (!option.startsWith("-") || option.lines().count() > 1) {
        throw BadInputException.of(
            "--sbatch: '%s' is no option of sbatch, use such as --sbatch=--partition=gpu", option);
      }
    }
  }

  Path workersFile() {
    return folder.slurm().resolve("workers.sh");
  }

  Path analysisFile() {
    return folder.slurm().resolve("analysis.sh");
  }

  /** Returns the folder of the workers' logs. */
  Path logs() {
    return folder.workerLog(1).getParent();
  }

  /** Writes both, and makes the folder of the logs, which Slurm would not. */
  void write(int tasks) {
    try {
      Files.createDirectories(logs());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + logs() + ": " + e.getMessage(), e);
    }
    AtomicFiles.writeText(workersFile(), out -> out.write(workers(tasks)));
    AtomicFiles.writeText(analysisFile(), out -> out.write(analysis()));
  }

  /** Returns the script of an array of workers. */
  String workers(int tasks) {
    List<String> lines = new ArrayList<>();
    lines.add("# Workers of a sweep, written by isoflop sweep --executor slurm. By hand:");
    lines.add("#   sbatch " + quoted(workersFile()));
    options(lines, "--job-name=" + name, "--array=0-" + (tasks - 1));
    options(lines, "--cpus-per-task=" + (gpu ? 2 : 1));
    if (gpu && options.stream().flatMap(SlurmScripts::words).noneMatch(w -> matches(GPUS, w))) {
      options(lines, "--gres=gpu:1");
    }
    options(lines, "--time=" + minutes(limit));
    lines.add(
        "# So long before its end a worker is asked to save its job; the shell becomes the worker.");
    options(lines, "--signal=B:TERM@" + lead.toSeconds(), "--requeue");
    options(lines, "--open-mode=append", "--output=" + log("workers/slurm-%A_%a.log"));
    options.forEach(option -> options(lines, option));
    run(lines, "work", folder.path().toString(), "--device", gpu ? "cuda" : "cpu");
    return text(lines);
  }

  /** Returns the script of the analysis. */
  String analysis() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# The analysis of a sweep, written by isoflop sweep --executor slurm. By hand, after the");
    lines.add("# workers, which are job ID:");
    lines.add("#   sbatch --dependency=afterany:ID " + quoted(analysisFile()));
    options(lines, "--job-name=" + name, "--cpus-per-task=1", "--time=" + minutes(ANALYSIS));
    options(lines, "--output=" + log("slurm/analysis-%j.log"));
    List<String> words = options.stream().flatMap(SlurmScripts::words).toList();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean hasValue = i + 1 < words.size() && !words.get(i + 1).startsWith("-");
      if (!matches(OF_WORKERS_ALONE, word)) {
        options(lines, hasValue ? word + " " + words.get(i + 1) : word);
      }
      i += hasValue ? 1 : 0;
    }
    run(lines, "analyze", folder.path().toString());
    return text(lines);
  }

  private static boolean matches(Pattern pattern, String word) {
    return pattern.matcher(word).matches();
  }

  private static Stream<String> words(String option) {
    return WORD.matcher(option).results().map(MatchResult::group);
  }

  private static void options(List<String> lines, String... options) {
    lines.add("#SBATCH " + String.join(" ", options));
  }

  private void run(List<String> lines, String... arguments) {
    lines.add("");
    lines.add("export OMP_NUM_THREADS=" + System.getenv().getOrDefault("OMP_NUM_THREADS", "1"));
    new TreeMap<>(System.getenv())
        .forEach(
            (variable, value) -> {
              if (ENVIRONMENT.contains(variable)) {
                lines.add("export " + variable + "=" + quoted(value));
              }
            });
    lines.add("cd " + quoted(Path.of("").toAbsolutePath()));
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    lines.add(
        command.stream().map(SlurmScripts::quoted).collect(Collectors.joining(" ", "exec ", "")));
  }

  /** Returns the name of a log, in which Slurm puts numbers for %A and the like. */
  private String log(String name) {
    return "\"" + folder.path().toString().replace("%", "%%") + "/" + name + "\"";
  }

  private static long minutes(Duration time) {
    return (time.toSeconds() + 59) / 60;
  }

  /** Returns a word as a shell reads it. */
  private static String quoted(Object word) {
    String text = word.toString();
    return text.matches("[\\w./:=,+@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String text(List<String> lines) {
    return "#!/bin/sh\n" + String.join("\n", lines) + "\n";
  }
}
