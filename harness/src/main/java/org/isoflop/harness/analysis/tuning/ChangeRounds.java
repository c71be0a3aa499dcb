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
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.tuning.ChangeEffects.Effect;
import org.isoflop.harness.analysis.tuning.TuningRounds.Trial;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;

/**
 * Which runs would tell most next of changes beside learning rate and batch. All of them are tried
 * at the cells of the lowest budget, there with the setting that the laws hold for the best of
 * those tried, and with the same seeds as without any change. Then the better half of those that
 * may still save something gets more seeds, until none may or the FLOPs are spent.
 */
final class ChangeRounds {

  /** Loss that is worth a change of the recipe, as a share. */
  private static final double WORTH = 0.003;

  /** Seeds that a change gets in a round. */
  private static final int SEEDS = 2;

  private final List<Change> changes;
  private final long firstSeed;

  ChangeRounds(List<Change> changes, long firstSeed) {
    this.changes = List.copyOf(changes);
    this.firstSeed = firstSeed;
  }

  /**
   * Returns the next runs; none where it is enough.
   *
   * @param asked all that has been asked for so far
   * @param runs what came of it
   * @param flops that they may cost
   */
  List<Trial> next(Collection<Trial> asked, List<TuningRun> runs, double flops) {
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
      Set<List<Object>> diverged =
          runs.stream()
              .filter(run -> run.loss().isEmpty())
              .map(ChangeRounds::place)
              .collect(Collectors.toSet());
      List<TuningRun> sound = runs.stream().filter(run -> !diverged.contains(place(run))).toList();
      double lowest = sound.stream().mapToDouble(r -> r.cell().budget()).min().orElse(0);
      sound.stream()
          .filter(run -> run.cell().budget() == lowest)
          .sorted(
              Comparator.comparingDouble((TuningRun run) -> laws.get().rise(run))
                  .thenComparing(Trial::of))
          .forEach(run -> places.putIfAbsent(run.cell(), run.setting()));
    }
    return places;
  }

  private static List<Object> place(TuningRun run) {
    return List.of(run.cell(), run.setting());
  }

  /** Returns the changes that need more seeds, the most promising first. */
  private List<Change> wanted(Collection<Trial> asked, List<TuningRun> runs) {
    if (asked.stream().allMatch(trial -> trial.setting().change().isEmpty())) {
      return changes;
    }
    List<Change> open =
        ChangeEffects.of(runs).effects().stream()
            .filter(effect -> effect.open(WORTH) && effect.runs() < TuningRounds.MOST_SEEDS)
            .sorted(
                Comparator.comparingDouble(effect -> effect.loss().map(l -> l.value()).orElse(0.0)))
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
