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
import org.isoflop.harness.sweep.Scheduler.Task;
import org.isoflop.harness.sweep.Scheduler.UnreachableException;

/**
 * What of a sweep has been given to a scheduler, kept in {@code submitted.json} of its folder
 * there, and what of that it still has queued or running.
 */
public final class SubmittedJobs {

  private final SweepFolder folder;
  private final Scheduler scheduler;
  private final List<Submitted> submitted;

  /**
   * A job of the scheduler's.
   *
   * @param job its number
   * @param name as the scheduler shows it
   * @param tasks workers; 0 of an analysis
   */
  record Submitted(String job, String name, int tasks) {}

  /** The file. */
  private record Contents(List<Submitted> jobs) {}

  /**
   * Reads what has been submitted; nothing where the scheduler has never been given the sweep.
   *
   * @throws BadInputException if the file is damaged
   */
  SubmittedJobs(SweepFolder folder, Scheduler scheduler) {
    this.folder = folder;
    this.scheduler = scheduler;
    try {
      submitted =
          Files.exists(file())
              ? new ArrayList<>(SealedJson.read(file(), Contents.class, "list of jobs").jobs())
              : new ArrayList<>();
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); delete it once %s has no more jobs of this sweep",
          file(), e.getMessage(), scheduler.name());
    }
  }

  private Path file() {
    return folder.of(scheduler).resolve("submitted.json");
  }

  /** Notes that a batch has been submitted. */
  void add(String job, Scheduler.Batch batch) {
    submitted.add(new Submitted(job, batch.name(), batch.workers()));
    SealedJson.write(file(), new Contents(submitted));
  }

  /** What of a sweep a scheduler has in its queue. */
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
          : SubmittedJobs.counts(Task::standing, tasks).entrySet().stream()
              .map(standing -> standing.getValue() + " " + standing.getKey())
              .collect(joining(", ", what + " (job " + jobs + "): ", ""));
    }
  }

  /** Asks the scheduler what of the sweep is queued or running. */
  Queue queue() throws UnreachableException {
    Map<String, Submitted> ours =
        submitted.stream().collect(Collectors.toMap(Submitted::job, job -> job, (a, b) -> b));
    List<Task> workers = new ArrayList<>();
    List<Task> analyses = new ArrayList<>();
    for (Task task : scheduler.tasks(ours.keySet())) {
      Submitted job = ours.get(task.job());
      if (job != null && job.name().equals(task.name())) { // not another cluster's of that number
        (job.tasks() > 0 ? workers : analyses).add(task);
      }
    }
    return new Queue(List.copyOf(workers), List.copyOf(analyses));
  }

  /**
   * What a scheduler says of a sweep, for who looks at it.
   *
   * @param workers how many are running, queued, held and the like, by that word
   * @param analyses the same
   * @param problem why it could not be asked, where it could not
   * @param sentence all of that for a person
   */
  public record View(
      Map<String, Long> workers,
      Map<String, Long> analyses,
      Optional<String> problem,
      String sentence) {}

  /**
   * Asks every scheduler that was ever given a sweep what it has of it.
   *
   * @return by the scheduler's key
   * @throws BadInputException if the file of what it was given is damaged
   */
  public static Map<String, View> views(SweepFolder folder) {
    Map<String, View> views = new LinkedHashMap<>();
    for (Scheduler scheduler : Schedulers.ALL) {
      SubmittedJobs jobs = new SubmittedJobs(folder, scheduler);
      if (!jobs.submitted.isEmpty()) {
        views.put(scheduler.key(), jobs.view());
      }
    }
    return views;
  }

  private View view() {
    try {
      Queue queue = queue();
      return new View(
          counts(Task::state, queue.workers()),
          counts(Task::state, queue.analyses()),
          Optional.empty(),
          queue.describe());
    } catch (UnreachableException e) {
      String problem = "cannot be asked, " + e.getMessage();
      return new View(Map.of(), Map.of(), Optional.of(problem), problem);
    }
  }

  private static Map<String, Long> counts(Function<Task, String> by, List<Task> tasks) {
    return tasks.stream().collect(groupingBy(by, LinkedHashMap::new, Collectors.counting()));
  }
}
