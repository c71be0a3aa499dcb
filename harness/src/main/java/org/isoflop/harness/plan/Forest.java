package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.isoflop.harness.config.Schedule;
import org.isoflop.models.DecoderConfig;

/**
 * Puts cells on trunks. A trunk is a chain of jobs at constant learning rate, each of which ends
 * where the cooldown to one horizon leaves it; the branch that cools down to that horizon is its
 * child.
 *
 * <p>A trunk has one learning rate and one batch, in the geometric middle of what its horizons
 * would have of their own; it serves as many horizons of a decoder and a seed, from the shortest
 * on, as both are within a factor of. The warm-up is the shortest's.
 *
 * <p>What a cell has with its first seed it has with all others, however few horizons those share:
 * they differ in nothing but their seed.
 *
 * <p>Where a sweep is extended, cells first go to the trunks there are, which keep what they have;
 * only what fits none of them gets new ones.
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

  /** What shares initial weights and the order of data, and is one setting throughout. */
  private record Start(DecoderConfig decoder, long seed, Setting setting) {}

  /** What runs have in common that differ in nothing but their seed. */
  private record Repeated(Place place, Setting setting) {

    static Repeated of(Cell cell) {
      return new Repeated(Place.of(cell), cell.setting());
    }
  }

  /** Cells that share settings. */
  private record Group(JobBuilder.Settings settings, List<Cell> cells) {}

  /**
   * Returns the jobs of every cell by its id: a stretch of its trunk, if it needs one, its branch.
   *
   * @param existing jobs of an earlier plan, all of whose horizons are among the cells
   */
  Map<String, List<Job>> jobs(List<Cell> cells, List<Job> existing) {
    Map<Start, List<Cell>> sizes = new LinkedHashMap<>();
    for (Cell cell : cells) {
      sizes
          .computeIfAbsent(
              new Start(cell.decoder(), cell.seed(), cell.setting()), start -> new ArrayList<>())
          .add(cell);
    }
    Map<String, List<Job>> jobs = new HashMap<>();
    Map<Repeated, JobBuilder.Settings> ofFirstSeed = new HashMap<>();
    List<Start> firstSeedFirst = new ArrayList<>(sizes.keySet());
    firstSeedFirst.sort(Comparator.comparingLong(Start::seed));
    for (Start start : firstSeedFirst) {
      for (Group trunk : groups(sizes.get(start), existing, ofFirstSeed)) {
        trunk.cells().forEach(c -> ofFirstSeed.putIfAbsent(Repeated.of(c), trunk.settings()));
        grow(trunk, jobs);
      }
    }
    return jobs;
  }

  /** Puts the horizons of a size on the trunks there are, and on new ones. */
  private Collection<Group> groups(
      List<Cell> horizons, List<Job> existing, Map<Repeated, JobBuilder.Settings> ofFirstSeed) {
    horizons.sort(Comparator.comparingDouble(Cell::tokens));
    Collection<Group> trunks = new ArrayList<>(trunks(horizons, existing));
    List<Cell> left = new ArrayList<>(horizons);
    trunks.forEach(trunk -> left.removeAll(trunk.cells()));
    for (Cell cell : List.copyOf(left)) {
      Optional<JobBuilder.Settings> given = Optional.ofNullable(ofFirstSeed.get(Repeated.of(cell)));
      Optional<Group> trunk =
          given.isPresent()
              ? trunks.stream().filter(one -> one.settings().equals(given.get())).findFirst()
              : nearest(cell, trunks);
      if (trunk.isEmpty() && given.isPresent()) {
        trunk = Optional.of(new Group(given.get(), new ArrayList<>()));
        trunks.add(trunk.get());
      }
      if (trunk.isPresent()) {
        trunk.get().cells().add(cell);
        left.remove(cell);
      }
    }
    for (List<Cell> shared : groups(left)) {
      trunks.add(new Group(settings(shared).orElseThrow(), shared));
    }
    return trunks;
  }

  /** Returns the trunks there are for some of these cells. */
  private static Collection<Group> trunks(List<Cell> cells, List<Job> existing) {
    Lineages lineages = new Lineages(existing);
    Map<String, Cell> byId = cells.stream().collect(Collectors.toMap(Cell::id, c -> c));
    Map<String, Group> trunks = new LinkedHashMap<>();
    for (Job job : existing) {
      if (byId.containsKey(job.id())) {
        JobBuilder.Settings settings = JobBuilder.Settings.of(job);
        trunks
            .computeIfAbsent(lineages.trunk(job), root -> new Group(settings, new ArrayList<>()))
            .cells()
            .add(byId.get(job.id()));
      }
    }
    return trunks.values();
  }

  /** Returns the trunk whose settings are nearest a cell's own, if they are near enough. */
  private Optional<Group> nearest(Cell cell, Collection<Group> trunks) {
    return trunks.stream()
        .filter(trunk -> serves(trunk.settings(), cell))
        .min(Comparator.comparingDouble(trunk -> trunk.settings().horizon(cell).departure()));
  }

  private boolean serves(JobBuilder.Settings settings, Cell cell) {
    return settings.batchSequences() <= cell.mostSequences()
        && settings.warmupSteps() <= builder.longestWarmup(cell, settings.steps(cell))
        && settings.horizon(cell).departure() <= tolerance;
  }

  private List<List<Cell>> groups(List<Cell> horizons) {
    List<List<Cell>> groups = new ArrayList<>();
    if (horizons.isEmpty()) {
      return groups;
    }
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
    return cells.stream().allMatch(cell -> settings.horizon(cell).departure() <= tolerance)
        ? Optional.of(settings)
        : Optional.empty();
  }

  /** Returns the geometric middle of the least and the most; exactly what all are, if they are. */
  private static double middle(DoubleStream values) {
    var all = values.summaryStatistics();
    return all.getMin() == all.getMax() ? all.getMin() : Math.sqrt(all.getMin() * all.getMax());
  }

  private void grow(Group trunk, Map<String, List<Job>> jobs) {
    JobBuilder.Settings settings = trunk.settings();
    trunk.cells().sort(Comparator.comparingDouble(Cell::tokens));
    Schedule.Fitted constant = new Schedule.Trunk(settings.peak(), settings.warmupSteps());
    Optional<String> tip = Optional.empty();
    long reached = 0;
    for (Cell cell : trunk.cells()) {
      Horizon horizon = settings.horizon(cell);
      Schedule.Fitted schedule = builder.schedule(settings, horizon.steps());
      long branchPoint = horizon.steps() - schedule.cooldown().orElseThrow();
      List<Job> own = new ArrayList<>();
      if (branchPoint > reached) {
        String id = cell.id() + TRUNK;
        own.add(settings.job(id, cell, constant, tip, reached, branchPoint, Optional.empty()));
        tip = Optional.of(id);
        reached = branchPoint;
      }
      own.add(
          settings.job(
              cell.id(), cell, schedule, tip, reached, horizon.steps(), Optional.of(horizon)));
      jobs.put(cell.id(), own);
    }
  }
}
