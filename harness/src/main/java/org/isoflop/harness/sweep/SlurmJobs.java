package org.isoflop.harness.sweep;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.sweep.Slurm.Task;

/**
 * What of a sweep has been given to Slurm, kept in {@code slurm/submitted.json}, and what of that
 * Slurm still has in its queue. Which of the sweep's jobs are done is not Slurm's to say: it
 * forgets what has ended.
 */
public final class SlurmJobs {

  private final SweepFolder folder;
  private final List<Submitted> submitted;

  /**
   * A job of Slurm's.
   *
   * @param job its number
   * @param name as Slurm shows it
   * @param tasks workers; 0 of an analysis
   */
  record Submitted(String job, String name, int tasks) {}

  /** The file. */
  private record Contents(List<Submitted> jobs) {}

  private SlurmJobs(SweepFolder folder, List<Submitted> submitted) {
    this.folder = folder;
    this.submitted = new ArrayList<>(submitted);
  }

  /**
   * Reads what has been submitted; nothing where the sweep has never been given to Slurm.
   *
   * @throws BadInputException if the file is damaged
   */
  public static SlurmJobs read(SweepFolder folder) {
    Path file = file(folder);
    if (!Files.exists(file)) {
      return new SlurmJobs(folder, List.of());
    }
    try {
      Contents contents = SealedJson.read(file, Contents.class, "list of jobs");
      return new SlurmJobs(folder, contents.jobs());
    } catch (IOException e) {
      throw damaged(file, e.getMessage());
    }
  }

  private static BadInputException damaged(Path file, String found) {
    return BadInputException.of(
        "%s: cannot be read (%s); delete it once squeue has no more jobs of this sweep",
        file, found);
  }

  private static Path file(SweepFolder folder) {
    return folder.slurm().resolve("submitted.json");
  }

  /** Notes that a job has been submitted. */
  void add(Submitted job) {
    submitted.add(job);
    SealedJson.write(file(folder), new Contents(submitted));
  }

  /** What of a sweep Slurm has in its queue. */
  record Queue(List<Task> workers, List<Task> analyses) {

    /** Says how many tasks run, wait and are held, and why. */
    String describe() {
      return Stream.of(counts("workers", workers), counts("analysis", analyses))
          .filter(counts -> !counts.isEmpty())
          .reduce((one, other) -> one + "; " + other)
          .orElse("nothing of this sweep is queued or running");
    }

    private static String counts(String what, List<Task> tasks) {
      String jobs = tasks.stream().map(Task::job).distinct().collect(joining(", "));
      return tasks.isEmpty()
          ? ""
          : SlurmJobs.counts(Task::standing, tasks).entrySet().stream()
              .map(standing -> standing.getValue() + " " + standing.getKey())
              .collect(joining(", ", what + " (job " + jobs + "): ", ""));
    }
  }

  /** Asks Slurm what of the sweep is queued or running. */
  Queue queue() throws Slurm.UnreachableException {
    Map<String, Submitted> ours =
        submitted.stream().collect(Collectors.toMap(Submitted::job, job -> job, (a, b) -> b));
    List<Task> workers = new ArrayList<>();
    List<Task> analyses = new ArrayList<>();
    for (Task task : Slurm.tasks(ours.keySet())) {
      Submitted job = ours.get(task.job());
      if (job != null && job.name().equals(task.name())) { // not another cluster's of that number
        (job.tasks() > 0 ? workers : analyses).add(task);
      }
    }
    return new Queue(List.copyOf(workers), List.copyOf(analyses));
  }

  /**
   * What Slurm says of a sweep, for who looks at it.
   *
   * @param workers how many are running, queued, held and the like, by that word
   * @param analyses the same
   * @param problem why Slurm could not be asked, where it could not
   * @param sentence all of that for a person
   */
  public record View(
      Map<String, Long> workers,
      Map<String, Long> analyses,
      Optional<String> problem,
      String sentence) {}

  /** Asks Slurm what it has of the sweep; empty where it never had any. */
  public Optional<View> view() {
    if (submitted.isEmpty()) {
      return Optional.empty();
    }
    try {
      Queue queue = queue();
      return Optional.of(
          new View(
              counts(Task::word, queue.workers()),
              counts(Task::word, queue.analyses()),
              Optional.empty(),
              queue.describe()));
    } catch (Slurm.UnreachableException e) {
      String problem = "cannot be asked, " + e.getMessage();
      return Optional.of(new View(Map.of(), Map.of(), Optional.of(problem), problem));
    }
  }

  private static Map<String, Long> counts(Function<Task, String> by, List<Task> tasks) {
    return tasks.stream().collect(groupingBy(by, LinkedHashMap::new, Collectors.counting()));
  }
}
