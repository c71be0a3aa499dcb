package org.isoflop.harness.sweep;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Place;
import org.isoflop.harness.plan.Setting;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;

/**
 * Which of the settings that a cell was trained with is its point: the one with the lowest mean
 * loss over its seeds, so that no lucky seed picks it, of those that diverged or failed with the
 * fewest seeds. Nothing is chosen before every job of the cell has ended or failed.
 */
public final class BestSettings {

  private static final int NAMED = 3;

  private final Map<Place, List<Run>> cells = new LinkedHashMap<>();
  private final Map<Place, Setting> best = new LinkedHashMap<>();

  /** One job of a cell, and how it ended. */
  private record Run(Job job, Optional<JobResult> result, boolean failed) {

    Setting setting() {
      return BestSettings.setting(job);
    }

    boolean over() {
      return failed || result.isPresent();
    }

    boolean done() {
      return result.isPresent() && result.get().status() == Status.DONE;
    }
  }

  private static Setting setting(Job job) {
    return job.end().setting();
  }

  /**
   * Looks at how the jobs of those cells of a plan have ended that have several settings.
   *
   * @param result of a job, if it has one
   */
  BestSettings(SweepFolder folder, WorkerPlan plan, Function<Job, Optional<JobResult>> result) {
    Map<Place, List<Job>> jobs =
        plan.jobs().stream()
            .map(PlannedJob::job)
            .filter(job -> job.point().isPresent())
            .collect(Collectors.groupingBy(Place::of, LinkedHashMap::new, Collectors.toList()));
    jobs.values()
        .removeIf(ofCell -> ofCell.stream().map(BestSettings::setting).distinct().count() == 1);
    jobs.forEach(
        (cell, ofCell) -> {
          List<Run> runs =
              ofCell.stream()
                  .map(
                      job ->
                          new Run(job, result.apply(job), Files.exists(folder.failure(job.id()))))
                  .toList();
          cells.put(cell, runs);
          best(runs).ifPresent(setting -> best.put(cell, setting));
        });
  }

  /**
   * Returns where a best setting is the least or the largest that was tried, one sentence each;
   * nothing where no cell has several.
   */
  public static List<String> atEdges(SweepFolder folder, WorkerPlan plan) {
    return new BestSettings(folder, plan, new PointsFile(folder, plan)::result).atEdges();
  }

  private static Optional<Setting> best(List<Run> runs) {
    if (!runs.stream().allMatch(Run::over)) {
      return Optional.empty();
    }
    Map<Setting, List<Run>> settings =
        runs.stream().collect(Collectors.groupingBy(Run::setting, Collectors.toList()));
    settings.values().removeIf(seeds -> seeds.stream().noneMatch(Run::done));
    return settings.entrySet().stream()
        .min(
            Comparator.comparingLong((Map.Entry<Setting, List<Run>> e) -> lost(e.getValue()))
                .thenComparingDouble(e -> meanLoss(e.getValue())))
        .map(Map.Entry::getKey);
  }

  private static long lost(List<Run> seeds) {
    return seeds.stream().filter(run -> !run.done()).count();
  }

  private static double meanLoss(List<Run> seeds) {
    return seeds.stream()
        .flatMap(run -> run.result().stream())
        .flatMap(result -> result.horizon().stream())
        .mapToDouble(HorizonResult::loss)
        .average()
        .orElseThrow();
  }

  /** Returns whether a job was trained with another setting than the best of its cell. */
  boolean superseded(Job job) {
    Setting chosen = best.get(Place.of(job));
    return chosen != null && !chosen.equals(setting(job));
  }

  private List<String> atEdges() {
    List<String> edges = new ArrayList<>();
    edges("learning rate", Setting::learningRate, edges);
    edges("batch", Setting::batch, edges);
    return edges;
  }

  private void edges(String name, ToDoubleFunction<Setting> multiplier, List<String> edges) {
    List<Place> lowest = new ArrayList<>();
    List<Place> highest = new ArrayList<>();
    int tuned = 0;
    for (Map.Entry<Place, Setting> entry : best.entrySet()) {
      var tried =
          cells.get(entry.getKey()).stream()
              .filter(run -> run.result().isPresent())
              .map(Run::setting)
              .mapToDouble(multiplier)
              .summaryStatistics();
      if (tried.getMin() < tried.getMax()) {
        tuned++;
        double chosen = multiplier.applyAsDouble(entry.getValue());
        if (chosen == tried.getMin()) {
          lowest.add(entry.getKey());
        } else if (chosen == tried.getMax()) {
          highest.add(entry.getKey());
        }
      }
    }
    edge(name, "lowest", "smaller", lowest, tuned, edges);
    edge(name, "highest", "larger", highest, tuned, edges);
  }

  private static void edge(
      String name, String end, String beyond, List<Place> at, int tuned, List<String> edges) {
    if (!at.isEmpty()) {
      edges.add(
          Quantities.format(
              "At %d of %d cells the best %s is the %s tried (%s%s): add %s multipliers.",
              at.size(),
              tuned,
              name,
              end,
              at.stream().limit(NAMED).map(Place::words).collect(Collectors.joining(", ")),
              at.size() > NAMED ? ", …" : "",
              beyond));
    }
  }
}
