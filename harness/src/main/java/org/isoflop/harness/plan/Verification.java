package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.Sharing;

/**
 * Separate runs of some of the cells that share trunks: what the branches' losses are to be
 * compared with.
 */
final class Verification {

  private final JobBuilder builder;
  private final List<Cell> cells;
  private final Map<String, Job> branches = new HashMap<>();

  /**
   * Prepares to choose.
   *
   * @param jobs of every cell by its id, its branch among them
   */
  Verification(JobBuilder builder, List<Cell> cells, Map<String, List<Job>> jobs) {
    this.builder = builder;
    this.cells = cells;
    cells.forEach(cell -> jobs.get(cell.id()).forEach(job -> branches.put(job.id(), job)));
  }

  /**
   * Returns the separate runs by the ids of their cells.
   *
   * @param existing of an earlier plan, which stay whatever is asked now
   * @throws BadInputException if a cell is named that there is not, or whose branch is the same run
   */
  Map<String, Job> runs(Sharing.Verify asked, List<Job> existing, String sweep) {
    Map<String, Job> runs = new HashMap<>();
    if (asked.count() > 0) {
      spread(asked.count()).forEach(cell -> runs.put(cell.id(), builder.verification(cell)));
    }
    for (String id : asked.cells()) {
      Cell named =
          cells.stream()
              .filter(cell -> cell.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      refused(
                          sweep,
                          id,
                          "is no cell of this plan, use ids of jobs such as " + cells.get(0).id()));
      if (!differs(named)) {
        throw refused(sweep, id, "is a separate run as it stands, name a cell that shares more");
      }
      runs.put(id, builder.verification(named));
    }
    for (Job job : existing) {
      if (job.isFor(Horizon.Use.VERIFICATION)) {
        runs.put(job.id().replace(JobBuilder.SEPARATE, ""), job);
      }
    }
    return runs;
  }

  private static BadInputException refused(String sweep, String cell, String problem) {
    return BadInputException.of("sweep %s: training.sharing.verify: '%s' %s", sweep, cell, problem);
  }

  /** Whether a cell's branch has other numbers than its separate run, which would show nothing. */
  private boolean differs(Cell cell) {
    Job run = builder.verification(cell);
    Job branch = branches.get(cell.id());
    return branch.batchSequences() != run.batchSequences()
        || !branch.schedule().equals(run.schedule())
        || !branch.optimizer().equals(run.optimizer());
  }

  /**
   * Returns cells as far from each other as can be, in budget and in size within the budget: first
   * the middle size of the largest budget, then again and again the one farthest from those chosen.
   */
  private List<Cell> spread(int count) {
    List<Cell> left = cells.stream().filter(this::differs).collect(Collectors.toList());
    double least = left.stream().mapToDouble(cell -> cell.setting().distance()).min().orElse(0);
    Set<Place> seen = new LinkedHashSet<>();
    left.removeIf(cell -> cell.setting().distance() > least || !seen.add(Place.of(cell)));
    List<Cell> chosen = new ArrayList<>();
    while (chosen.size() < count && !left.isEmpty()) {
      Cell next = left.get(0);
      double farthest = -1;
      for (Cell cell : left) {
        double distance =
            chosen.isEmpty()
                ? budget(cell) - Math.abs(size(cell) - 0.5)
                : chosen.stream().mapToDouble(other -> distance(cell, other)).min().orElseThrow();
        if (distance > farthest) {
          farthest = distance;
          next = cell;
        }
      }
      left.remove(next);
      chosen.add(next);
    }
    return chosen;
  }

  private double distance(Cell one, Cell other) {
    return Math.hypot(budget(one) - budget(other), size(one) - size(other));
  }

  /** Returns where a budget lies among all, from 0 to 1. */
  private double budget(Cell cell) {
    var all = cells.stream().mapToDouble(c -> Math.log(c.budget())).summaryStatistics();
    return place(Math.log(cell.budget()), all.getMin(), all.getMax());
  }

  /** Returns where a size lies among those of its budget, from 0 to 1. */
  private double size(Cell cell) {
    var all =
        cells.stream()
            .filter(c -> c.budget() == cell.budget())
            .mapToDouble(Verification::lnParams)
            .summaryStatistics();
    return place(lnParams(cell), all.getMin(), all.getMax());
  }

  private static double place(double value, double from, double to) {
    return to > from ? (value - from) / (to - from) : 1;
  }

  private static double lnParams(Cell cell) {
    return Math.log((double) cell.decoder().parameters().total());
  }
}
