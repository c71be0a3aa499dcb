package org.isoflop.harness.analysis.tuning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;

/**
 * Which runs would tell most next. What is asked for follows from what has been asked for and what
 * came of it alone, so that a tuning that was cut off goes on as if it had not been.
 *
 * <p>First the cells of the lowest budget are searched: the best setting so far, a factor 2 in the
 * learning rate and in the batch to each side of it, and on from there until the best has worse
 * ones on all sides; then both together, up and down, which shows how the one hangs on the other.
 * The next budget begins where the one below found its best, so that dear cells need few runs. Then
 * more seeds go wherever they save the sweep the most loss per FLOP, by the fit's own covariance,
 * until that is {@value #ENOUGH} of the loss or the share is spent.
 */
public final class TuningRounds {

  /** Loss that the laws may still cost the sweep's cells on average, as a share. */
  static final double ENOUGH = 0.0005;

  /** Factor between neighbouring settings. */
  private static final double STEP = 2;

  /** Furthest from what the configuration has, in steps. */
  private static final int FURTHEST = 6;

  /** Budgets, from the lowest, at which rate and batch are also moved together. */
  private static final int COUPLED_BUDGETS = 2;

  /** Runs of a setting that say nothing more. */
  private static final int MOST_SEEDS = 16;

  /** Share of all FLOPs for which another round is not worth its start. */
  private static final double LEAST_ROUND = 0.03;

  /** Settings that rise higher than this above the best are not repeated. */
  private static final double HIGHEST_REPEATED = 0.06;

  private final double flops;
  private final List<double[]> targets;
  private final long firstSeed;

  /** A run that is asked for. */
  public record Trial(Cell cell, Setting setting, long seed) {

    /** By budget, size, learning rate, batch and seed. */
    public static final Comparator<Trial> ORDER =
        Comparator.comparingDouble((Trial trial) -> trial.cell().budget())
            .thenComparingDouble(trial -> trial.cell().params())
            .thenComparingDouble(trial -> trial.setting().learningRate())
            .thenComparingDouble(trial -> trial.setting().batch())
            .thenComparingLong(Trial::seed);
  }

  /**
   * Prepares.
   *
   * @param flops that all runs may cost together
   * @param targets params and tokens of the cells that the laws are for
   * @param firstSeed of every setting's runs
   */
  public TuningRounds(double flops, List<double[]> targets, long firstSeed) {
    this.flops = flops;
    this.targets = List.copyOf(targets);
    this.firstSeed = firstSeed;
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
        .sorted(Trial.ORDER)
        .toList();
  }

  /**
   * Returns the next runs; none where it is enough.
   *
   * @param asked all that has been asked for so far; what no run came of cannot be trained
   * @param runs what came of it
   */
  public List<Trial> next(Collection<Trial> asked, List<TuningRun> runs) {
    double left = flops - runs.stream().mapToDouble(run -> run.cell().budget()).sum();
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
    return left < LEAST_ROUND * flops ? List.of() : repeats(asked, runs, left / 2);
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
    affordable.sort(Trial.ORDER);
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
        : Optional.of(TuningFit.best(own).get(0).setting());
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

  /** Returns more seeds of settings near the best, those first that save most loss per FLOP. */
  private List<Trial> repeats(Collection<Trial> asked, List<TuningRun> runs, double allotted) {
    Optional<TunedLaws> fitted = TuningFit.of(runs).value();
    if (fitted.isEmpty()) {
      return List.of();
    }
    TunedLaws laws = fitted.get();
    TunedLaws.Expected expected = TunedLaws.Expected.of(laws, targets);
    Map<List<Object>, TuningRun> settings = new LinkedHashMap<>();
    runs.stream()
        .filter(run -> run.loss().isPresent() && rise(laws, run) <= HIGHEST_REPEATED)
        .sorted(
            Comparator.comparing(
                run -> new Trial(run.cell(), run.setting(), run.seed()), Trial.ORDER))
        .forEach(run -> settings.putIfAbsent(List.of(run.cell(), run.setting()), run));
    Map<TuningRun, Integer> seeds = new LinkedHashMap<>();
    settings
        .values()
        .forEach(
            run ->
                seeds.put(
                    run,
                    (int)
                        asked.stream()
                            .filter(t -> t.cell().equals(run.cell()))
                            .filter(t -> t.setting().equals(run.setting()))
                            .count()));
    RealMatrix covariance = laws.covariance();
    List<Trial> chosen = new ArrayList<>();
    double left = allotted;
    while (expected.value(covariance) > ENOUGH) {
      Optional<Repeat> best = Optional.empty();
      for (TuningRun run : seeds.keySet()) {
        if (run.cell().budget() <= left && seeds.get(run) < MOST_SEEDS) {
          Repeat repeat = Repeat.of(laws, run, covariance, expected);
          if (best.isEmpty() || repeat.saved() > best.get().saved()) {
            best = Optional.of(repeat);
          }
        }
      }
      if (best.isEmpty()) {
        break;
      }
      TuningRun run = best.get().run();
      chosen.add(new Trial(run.cell(), run.setting(), firstSeed + seeds.get(run)));
      seeds.merge(run, 1, Integer::sum);
      left -= run.cell().budget();
      covariance = best.get().after(covariance);
    }
    chosen.sort(Trial.ORDER);
    return chosen;
  }

  private static double rise(TunedLaws laws, TuningRun run) {
    return laws.rise(run.cell().params(), run.tokens(), run.learningRate(), run.batchTokens());
  }

  /**
   * One more run of a setting.
   *
   * @param direction covariance times the run's row
   * @param variance of its ln loss, as the fit would then predict it
   * @param saved expected loss that it saves, per FLOP
   */
  private record Repeat(TuningRun run, RealVector direction, double variance, double saved) {

    static Repeat of(
        TunedLaws laws, TuningRun run, RealMatrix covariance, TunedLaws.Expected expected) {
      double[] slopes = new double[LossRise.COUNT];
      double rise =
          LossRise.at(
              laws.theta(),
              laws.place(run.cell().params(), run.tokens()),
              Math.log(run.learningRate()),
              Math.log(run.batchTokens()),
              slopes);
      RealVector row = new ArrayRealVector(covariance.getRowDimension());
      for (int i = 0; i < slopes.length; i++) {
        row.setEntry(i, slopes[i]);
      }
      row.setEntry(LossRise.COUNT + laws.index(run.cell()), 1);
      RealVector direction = covariance.operate(row);
      double variance = TuningFit.variance(laws.noise(run.cell().budget()), rise);
      variance += row.dotProduct(direction);
      double saved =
          expected.rows().stream()
                  .mapToDouble(target -> Math.pow(target.dotProduct(direction), 2))
                  .sum()
              / variance;
      return new Repeat(run, direction, variance, saved / run.cell().budget());
    }

    /** Returns the covariance once the run is there. */
    RealMatrix after(RealMatrix covariance) {
      return covariance.subtract(direction.outerProduct(direction).scalarMultiply(1 / variance));
    }
  }
}
