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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.isoflop.harness.analysis.tuning.ChangeEffects.Effect;
import org.isoflop.harness.analysis.tuning.TunedLaws.Expected;
import org.isoflop.harness.analysis.tuning.TuningFit.CellRuns;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;

/**
 * Which runs would tell most next. What is asked for follows from what has been asked for and what
 * came of it alone, so that a tuning that was cut off goes on as if it had not been.
 *
 * <p>First the cells of the lowest budget are searched: the best setting so far, a factor 2 in the
 * learning rate and in the batch to each side of it, and on from there until the best has worse
 * ones on all sides; then both together, up and down, which shows how the one hangs on the other.
 * The next budget begins where the one below found its best, so that dear cells need few runs. Then
 * come more seeds of settings near the best, until the laws are sure enough or their part of the
 * FLOPs is spent. What is left over, {@value #FOR_CHANGES} of all at least, is for other changes.
 */
public final class TuningRounds {

  /** Factor between neighbouring settings. */
  private static final double STEP = 2;

  /** Furthest from what the configuration has, in steps. */
  private static final int FURTHEST = 6;

  /** Budgets, from the lowest, at which rate and batch are also moved together. */
  private static final int COUPLED_BUDGETS = 2;

  /** Runs of a setting beyond which more say nothing more. */
  private static final int MOST_SEEDS = 16;

  /** Share of the FLOPs that laws are not to use up. */
  private static final double FOR_CHANGES = 0.2;

  /** Share of all FLOPs for which another round is not worth its start. */
  private static final double LEAST_ROUND = 0.03;

  /** Loss that the laws may still cost the sweep's cells on average, as a share. */
  private static final double ENOUGH = 0.0005;

  /** Settings that rise higher than this above the best are not repeated. */
  private static final double HIGHEST_REPEATED = 0.06;

  /** Loss that is worth a change of the recipe, as a share. */
  private static final double WORTH = 0.003;

  /** Seeds that a change gets in a round. */
  private static final int SEEDS = 2;

  private final double flops;
  private final double flopsOfLaws;
  private final List<double[]> targets;
  private final List<Change> changes;
  private final long firstSeed;

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
            runs.stream().filter(TuningRun::unchanged).toList());
    return next.isEmpty() ? withChanges(asked, runs, flops - spent(runs)) : next;
  }

  private static double spent(List<TuningRun> runs) {
    return runs.stream().mapToDouble(run -> run.cell().budget()).sum();
  }

  private List<Trial> nextOfLaws(Collection<Trial> asked, List<TuningRun> runs) {
    double left = flopsOfLaws - spent(runs);
    Map<Double, List<Cell>> budgets =
        asked.stream()
            .map(Trial::cell)
            .distinct()
            .sorted()
            .collect(Collectors.groupingBy(Cell::budget, TreeMap::new, Collectors.toList()));
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
    return left < LEAST_ROUND * flopsOfLaws ? List.of() : repeats(asked, runs, left / 2);
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
        : Optional.of(new CellRuns(cell, own).best().setting());
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

  /**
   * Returns more seeds of settings near the best, those first that save the sweep most loss per
   * FLOP by the fit's own covariance, until the laws cost {@value #ENOUGH} of the loss.
   *
   * @param asked all that has been asked for so far
   * @param runs what came of it
   * @param flops that they may cost
   */
  private List<Trial> repeats(Collection<Trial> asked, List<TuningRun> runs, double flops) {
    Optional<TunedLaws> fitted = TuningFit.of(runs).value();
    if (fitted.isEmpty()) {
      return List.of();
    }
    TunedLaws laws = fitted.get();
    Expected expected = Expected.of(laws, targets);
    Map<Trial, TuningRun> near = new TreeMap<>();
    runs.stream()
        .filter(run -> run.loss().isPresent() && laws.rise(run) <= HIGHEST_REPEATED)
        .sorted(Comparator.comparing(TuningRun::trial))
        .forEach(run -> near.putIfAbsent(run.trial().at(firstSeed), run));
    Map<Trial, Integer> seeds = new TreeMap<>();
    asked.forEach(trial -> seeds.merge(trial.at(firstSeed), 1, Integer::sum));
    RealMatrix covariance = laws.covariance();
    List<Trial> chosen = new ArrayList<>();
    double left = flops;
    while (expected.value(covariance) > ENOUGH) {
      Optional<Repeat> best = Optional.empty();
      for (Map.Entry<Trial, TuningRun> one : near.entrySet()) {
        if (one.getKey().cell().budget() <= left && seeds.get(one.getKey()) < MOST_SEEDS) {
          Repeat repeat = Repeat.of(laws, one.getValue(), covariance, expected);
          if (best.isEmpty() || repeat.saved() > best.get().saved()) {
            best = Optional.of(repeat);
          }
        }
      }
      if (best.isEmpty()) {
        break;
      }
      Trial trial = best.get().run().trial().at(firstSeed);
      chosen.add(trial.at(firstSeed + seeds.merge(trial, 1, Integer::sum) - 1));
      left -= trial.cell().budget();
      covariance = best.get().after(covariance);
    }
    chosen.sort(Comparator.naturalOrder());
    return chosen;
  }

  /**
   * One more run of a setting.
   *
   * @param direction covariance times the run's row
   * @param variance of its ln loss, as the fit would then predict it
   * @param saved expected loss that it saves, per FLOP
   */
  private record Repeat(TuningRun run, RealVector direction, double variance, double saved) {

    static Repeat of(TunedLaws laws, TuningRun run, RealMatrix covariance, Expected expected) {
      RealVector row = laws.slopes(run);
      RealVector direction = covariance.operate(row);
      double variance = laws.variance(run) + row.dotProduct(direction);
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

  /**
   * Returns the next runs with changes beside learning rate and batch; none where it is enough. All
   * are tried at the cells of the lowest budget, there with the setting that the laws hold for the
   * best of those tried, and with the same seeds as without any change. Then the better half of
   * those that may still save something gets more seeds, until none may or the FLOPs are spent.
   *
   * @param asked all that has been asked for so far
   * @param runs what came of it
   * @param flops that they may cost
   */
  List<Trial> withChanges(Collection<Trial> asked, List<TuningRun> runs, double flops) {
    Map<Cell, Setting> places = places(asked, runs);
    if (places.isEmpty()) {
      return List.of();
    }
    Set<Trial> known = new TreeSet<>(asked);
    List<Trial> next = new ArrayList<>();
    List<Change> wanted = wanted(asked, runs);
    Set<Change> tooDear = new LinkedHashSet<>();
    double left = flops;
    for (int round = 0; round < SEEDS; round++) {
      for (Change change : wanted) {
        List<Trial> pairs = new ArrayList<>();
        places.forEach((cell, setting) -> pairs.addAll(pair(cell, setting, change, known)));
        double cost = pairs.stream().mapToDouble(trial -> trial.cell().budget()).sum();
        if (cost > left) {
          tooDear.add(change);
        }
        if (!tooDear.contains(change)) {
          next.addAll(pairs);
          known.addAll(pairs);
          left -= cost;
        }
      }
    }
    next.sort(Comparator.naturalOrder());
    return next;
  }

  /**
   * Returns the cells of the lowest budget, and their settings; none that has diverged with any
   * seed, beside which a change that does would say nothing.
   */
  private static Map<Cell, Setting> places(Collection<Trial> asked, List<TuningRun> runs) {
    Map<Cell, Setting> places = new LinkedHashMap<>();
    asked.stream()
        .filter(trial -> trial.setting().change().isPresent())
        .sorted()
        .forEach(trial -> places.put(trial.cell(), trial.setting().unchanged()));
    Optional<TunedLaws> laws = places.isEmpty() ? TuningFit.of(runs).value() : Optional.empty();
    if (laws.isPresent()) {
      Set<Trial> diverged =
          runs.stream()
              .filter(run -> run.loss().isEmpty())
              .map(run -> run.trial().at(0))
              .collect(Collectors.toSet());
      List<TuningRun> sound =
          runs.stream().filter(run -> !diverged.contains(run.trial().at(0))).toList();
      double lowest = sound.stream().mapToDouble(r -> r.cell().budget()).min().orElse(0);
      sound.stream()
          .filter(run -> run.cell().budget() == lowest)
          .sorted(
              Comparator.comparingDouble((TuningRun run) -> laws.get().rise(run))
                  .thenComparing(TuningRun::trial))
          .forEach(run -> places.putIfAbsent(run.cell(), run.setting()));
    }
    return places;
  }

  /** Returns the changes that need more seeds, the most promising first. */
  private List<Change> wanted(Collection<Trial> asked, List<TuningRun> runs) {
    if (asked.stream().allMatch(trial -> trial.setting().change().isEmpty())) {
      return changes;
    }
    List<Change> open =
        ChangeEffects.of(runs).effects().stream()
            .filter(effect -> effect.open(WORTH) && effect.runs() < MOST_SEEDS)
            .sorted(Comparator.comparingDouble(Effect::value))
            .map(Effect::change)
            .toList();
    return open.subList(0, (open.size() + 1) / 2);
  }

  /** Returns the next run with a change, and the one without it where that is not known. */
  private List<Trial> pair(Cell cell, Setting setting, Change change, Set<Trial> known) {
    long seed = firstSeed;
    while (known.contains(new Trial(cell, setting.with(change), seed))) {
      seed++;
    }
    List<Trial> pair = new ArrayList<>(List.of(new Trial(cell, setting.with(change), seed)));
    Trial without = new Trial(cell, setting, seed);
    if (!known.contains(without)) {
      pair.add(without);
    }
    return pair;
  }
}
