package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.isoflop.models.DecoderConfig;

/**
 * Puts cells on trunks. A trunk is a chain of jobs at constant learning rate, each of which ends
 * where the cooldown to one horizon leaves it; the branch that cools down to that horizon is its
 * child.
 *
 * <p>A trunk has one learning rate and one batch, in the geometric middle of what its horizons
 * would have of their own; it serves as many horizons of a decoder and a seed, from the shortest
 * on, as both are within a factor of. The warm-up is the shortest's.
 */
final class Forest {

  /** What follows a horizon's id in that of the job that ends at its branch point. */
  private static final String TRUNK = "-trunk";

  private final JobBuilder builder;
  private final double tolerance;

  Forest(JobBuilder builder, double tolerance) {
    this.builder = builder;
    this.tolerance = tolerance;
  }

  /** What shares initial weights and the order of data. */
  private record Start(DecoderConfig decoder, long seed) {}

  /**
   * Returns the jobs of every cell by its id: a stretch of its trunk, if it has one, its branch.
   */
  Map<String, List<Job>> jobs(List<Cell> cells) {
    Map<Start, List<Cell>> sizes = new LinkedHashMap<>();
    for (Cell cell : cells) {
      sizes
          .computeIfAbsent(new Start(cell.decoder(), cell.seed()), start -> new ArrayList<>())
          .add(cell);
    }
    Map<String, List<Job>> jobs = new HashMap<>();
    for (List<Cell> horizons : sizes.values()) {
      horizons.sort(Comparator.comparingDouble(Cell::tokens));
      for (List<Cell> shared : groups(horizons)) {
        grow(shared, settings(shared).orElseThrow(), jobs);
      }
    }
    return jobs;
  }

  private List<List<Cell>> groups(List<Cell> horizons) {
    List<List<Cell>> groups = new ArrayList<>();
    List<Cell> group = new ArrayList<>();
    for (Cell cell : horizons) {
      List<Cell> larger = new ArrayList<>(group);
      larger.add(cell);
      if (settings(larger).isPresent()) {
        group = larger;
      } else {
        groups.add(group);
        group = new ArrayList<>(List.of(cell));
      }
    }
    groups.add(group);
    return groups;
  }

  /** Returns settings near those of every one of these cells; empty where there are none. */
  private Optional<JobBuilder.Settings> settings(List<Cell> cells) {
    double peak = middle(cells.stream().mapToDouble(Cell::learningRate));
    double wanted = middle(cells.stream().mapToDouble(Cell::batchSequences));
    int most = cells.stream().mapToInt(Cell::mostSequences).min().orElseThrow();
    int sequences = (int) Math.min(Math.round(wanted), most);
    JobBuilder.Settings settings = builder.settings(cells.get(0), peak, sequences);
    return cells.stream()
            .allMatch(cell -> JobBuilder.horizon(cell, settings).departure() <= tolerance)
        ? Optional.of(settings)
        : Optional.empty();
  }

  /** Returns the geometric middle of the least and the most; exactly what all are, if they are. */
  private static double middle(DoubleStream values) {
    var all = values.summaryStatistics();
    return all.getMin() == all.getMax() ? all.getMin() : Math.sqrt(all.getMin() * all.getMax());
  }

  private void grow(List<Cell> cells, JobBuilder.Settings settings, Map<String, List<Job>> jobs) {
    Schedule constant = new Schedule.Trunk(settings.peak(), settings.warmupSteps());
    Optional<String> tip = Optional.empty();
    long reached = 0;
    for (Cell cell : cells) {
      Horizon horizon = JobBuilder.horizon(cell, settings);
      Schedule.Wsd schedule = (Schedule.Wsd) builder.schedule(settings, horizon.steps());
      List<Job> own = new ArrayList<>();
      if (schedule.branchPoint() > reached) {
        String id = cell.id() + TRUNK;
        own.add(
            job(
                id,
                cell,
                settings,
                constant,
                tip,
                reached,
                schedule.branchPoint(),
                Optional.empty()));
        tip = Optional.of(id);
        reached = schedule.branchPoint();
      }
      own.add(
          job(
              cell.id(),
              cell,
              settings,
              schedule,
              tip,
              reached,
              horizon.steps(),
              Optional.of(horizon)));
      jobs.put(cell.id(), own);
    }
  }

  private static Job job(
      String id,
      Cell cell,
      JobBuilder.Settings settings,
      Schedule schedule,
      Optional<String> parent,
      long firstStep,
      long lastStep,
      Optional<Horizon> horizon) {
    return new Job(
        id,
        cell.decoder(),
        cell.seed(),
        settings.batchSequences(),
        settings.optimizer(),
        schedule,
        parent,
        firstStep,
        lastStep,
        horizon);
  }
}
