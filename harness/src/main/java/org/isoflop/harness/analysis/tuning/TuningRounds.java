package org.isoflop.harness.analysis.tuning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;

/**
 * Which runs would tell most next. What is asked for follows from what has been asked for and what
 * came of it alone, so that a tuning that was cut off goes on as if it had not been.
 *
 * <p>First the cells of the lowest budget are searched: the best setting so far, a factor 2 in the
 * learning rate and in the batch to each side of it, and on from there until the best has worse
 * ones on all sides; then both together, up and down, which shows how the one hangs on the other.
 * The next budget begins where the one below found its best, so that dear cells need few runs. Then
 * come more seeds ({@link TuningRepeats}), until the laws are sure enough or their part of the
 * FLOPs is spent. What is left over, {@value #FOR_CHANGES} of all at least, is for {@link
 * ChangeRounds}.
 */
public final class TuningRounds {

  /** Factor between neighbouring settings. */
  private static final double STEP = 2;

  /** Furthest from what the configuration has, in steps. */
  private static final int FURTHEST = 6;

  /** Budgets, from the lowest, at which rate and batch are also moved together. */
  private static final int COUPLED_BUDGETS = 2;

  /** Runs of a setting beyond which more say nothing more. */
  static final int MOST_SEEDS = 16;

  /** Share of the FLOPs that laws are not to use up. */
  private static final double FOR_CHANGES = 0.2;

  /** Share of all FLOPs for which another round is not worth its start. */
  private static final double LEAST_ROUND = 0.03;

  private final double flops;
  private final double flopsOfLaws;
  private final List<double[]> targets;
  private final List<Change> changes;
  private final long firstSeed;

  /** A run that is asked for; ordered by budget, size, setting and seed. */
  public record Trial(Cell cell, Setting setting, long seed) implements Comparable<Trial> {

    private static final Comparator<Trial> ORDER =
        Comparator.comparingDouble((Trial trial) -> trial.cell().budget())
            .thenComparingDouble(trial -> trial.cell().params())
            .thenComparingDouble(trial -> trial.setting().learningRate())
            .thenComparingDouble(trial -> trial.setting().batch())
            .thenComparing(trial -> trial.setting().change().map(Change::key).orElse(""))
            .thenComparingDouble(trial -> trial.setting().change().map(Change::value).orElse(0.0))
            .thenComparingLong(Trial::seed);

    /** Returns what a run was asked for as. */
    public static Trial of(TuningRun run) {
      return new Trial(run.cell(), run.setting(), run.seed());
    }

    @Override
    public int compareTo(Trial other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Prepares.
   *
   * @param flops that all runs may cost together
   * @param targets params and tokens of the cells that the laws are for
   * @param changes to be tried once learning rate and batch are known
   * @param firstSeed of every setting's runs
   */
  public TuningRounds(double flops, List<double[]> targets, List<Change> changes, long firstSeed) {
    this.flops = flops;
    this.flopsOfLaws = changes.isEmpty() ? flops : flops * (1 - FOR_CHANGES);
    this.targets = List.copyOf(targets);
    this.changes = List.copyOf(changes);
    this.firstSeed = firstSeed;
  }

  /** Returns the FLOPs of those that are laid out for the laws. */
  public double flopsOfLaws() {
    return flopsOfLaws;
  }

  /** Returns the first runs of some cells: each as it is, those of the lowest budget all around. */
  public List<Trial> first(Collection<Cell> cells) {
    double lowest = cells.stream().mapToDouble(Cell::budget).min().orElseThrow();
    return cells.stream()
        .flatMap(
            cell ->
                Stream.concat(
                        Stream.of(Setting.ONE),
                        cell.budget() == lowest ? star(Setting.ONE) : Stream.of())
                    .map(setting -> new Trial(cell, setting, firstSeed)))
        .sorted()
        .toList();
  }

  /**
   * Returns the next runs; none where it is enough.
   *
   * @param asked all that has been asked for so far; what no run came of cannot be trained
   * @param runs what came of it
   */
  public List<Trial> next(Collection<Trial> asked, List<TuningRun> runs) {
    List<Trial> next =
        nextOfLaws(
            asked.stream().filter(trial -> trial.setting().change().isEmpty()).toList(),
            runs.stream().filter(run -> run.setting().change().isEmpty()).toList());
    return next.isEmpty()
        ? new ChangeRounds(changes, firstSeed).next(asked, runs, flops - spent(runs))
        : next;
  }

  private static double spent(List<TuningRun> runs) {
    return runs.stream().mapToDouble(run -> run.cell().budget()).sum();
  }

  private List<Trial> nextOfLaws(Collection<Trial> asked, List<TuningRun> runs) {
    double left = flopsOfLaws - spent(runs);
    TreeMap<Double, List<Cell>> budgets = new TreeMap<>();
    asked.stream()
        .map(Trial::cell)
        .distinct()
        .sorted(Comparator.comparingDouble(Cell::params))
        .forEach(cell -> budgets.computeIfAbsent(cell.budget(), b -> new ArrayList<>()).add(cell));
    List<Cell> below = List.of();
    int level = 0;
    for (List<Cell> cells : budgets.values()) {
      List<Trial> wanted = new ArrayList<>();
      for (Cell cell : cells) {
        Optional<Cell> smaller =
            below.stream()
                .filter(other -> best(other, runs).isPresent())
                .min(
                    Comparator.comparingDouble(
                        other -> Math.abs(Math.log(other.params() / cell.params()))));
        wanted.addAll(search(cell, smaller, level < COUPLED_BUDGETS, asked, runs));
      }
      List<Trial> affordable = affordable(wanted, left);
      if (!affordable.isEmpty()) {
        return affordable;
      }
      below = cells;
      level++;
    }
    return left < LEAST_ROUND * flopsOfLaws
        ? List.of()
        : new TuningRepeats(targets, firstSeed).next(asked, runs, left / 2);
  }

  private static List<Trial> affordable(List<Trial> wanted, double flops) {
    List<Trial> affordable = new ArrayList<>();
    double left = flops;
    for (Trial trial : wanted) {
      left -= trial.cell().budget();
      if (left >= 0) {
        affordable.add(trial);
      }
    }
    affordable.sort(Comparator.naturalOrder());
    return affordable;
  }

  /** Returns the settings that are missing around the best of a cell. */
  private List<Trial> search(
      Cell cell,
      Optional<Cell> below,
      boolean coupled,
      Collection<Trial> asked,
      List<TuningRun> runs) {
    Set<Setting> tried = new LinkedHashSet<>();
    asked.stream().filter(t -> t.cell().equals(cell)).forEach(t -> tried.add(t.setting()));
    Setting centre = best(cell, runs).orElse(Setting.ONE);
    if (tried.equals(Set.of(Setting.ONE)) && below.isPresent()) {
      centre = best(below.get(), runs).orElse(Setting.ONE);
    }
    List<Setting> missing =
        Stream.concat(Stream.of(centre), star(centre)).filter(s -> !tried.contains(s)).toList();
    if (missing.isEmpty() && coupled) {
      missing =
          Stream.of(moved(centre, 1, 1), moved(centre, -1, -1))
              .filter(TuningRounds::near)
              .filter(s -> !tried.contains(s))
              .toList();
    }
    return missing.stream().map(setting -> new Trial(cell, setting, firstSeed)).toList();
  }

  /** Returns the best setting of a cell; none where all have diverged, and it is given up. */
  private static Optional<Setting> best(Cell cell, List<TuningRun> runs) {
    List<TuningRun> own = runs.stream().filter(run -> run.cell().equals(cell)).toList();
    return own.stream().allMatch(run -> run.loss().isEmpty())
        ? Optional.empty()
        : Optional.of(TuningCells.best(own).get(0).setting());
  }

  private static Stream<Setting> star(Setting centre) {
    return Stream.of(
            moved(centre, -1, 0), moved(centre, 1, 0), moved(centre, 0, -1), moved(centre, 0, 1))
        .filter(TuningRounds::near);
  }

  private static Setting moved(Setting from, int rateSteps, int batchSteps) {
    return new Setting(
        from.learningRate() * Math.pow(STEP, rateSteps), from.batch() * Math.pow(STEP, batchSteps));
  }

  private static boolean near(Setting setting) {
    double furthest = Math.pow(STEP, FURTHEST);
    return Stream.of(setting.learningRate(), setting.batch())
        .allMatch(multiplier -> multiplier <= furthest && multiplier >= 1 / furthest);
  }
}
