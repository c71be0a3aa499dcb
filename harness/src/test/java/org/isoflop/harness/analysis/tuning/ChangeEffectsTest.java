package org.isoflop.harness.analysis.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.analysis.tuning.ChangeEffects.Effect;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is found of changes whose effects are known, and which runs are asked for on the way. */
final class ChangeEffectsTest {

  private static final Change BEST = new Change("weight_decay", 0.3);
  private static final List<Change> CHANGES =
      List.of(
          new Change("weight_decay", 0),
          BEST,
          new Change("warmup", 0.02),
          new Change("warmup", 0.25),
          new Change("beta2", 0.95),
          new Change("beta2", 0.999));

  /** Forty runs of a cheapest cell. */
  private static final double FLOPS = 40 * 3e9;

  private record Tuning(Set<Trial> asked, List<TuningRun> runs) {

    ChangeEffects effects() {
      return ChangeEffects.of(runs);
    }

    double spent() {
      return asked.stream()
          .filter(trial -> trial.setting().change().isPresent())
          .mapToDouble(trial -> trial.cell().budget())
          .sum();
    }
  }

  /** Tries the changes once rates and batches have been. */
  private static Tuning tune(double noise, long seed, ToDoubleFunction<Change> effect) {
    TuningTruth truth = new TuningTruth(noise, seed, 1.7, 0, effect);
    TuningRounds rounds = new TuningRounds(1, List.of(), CHANGES, 1);
    Set<Trial> asked = new TreeSet<>();
    for (Cell cell : TuningTruth.cells()) {
      for (double rate : new double[] {0.25, 0.5, 1, 2}) {
        for (double batch : new double[] {0.5, 1, 2}) {
          asked.add(new Trial(cell, new Setting(rate, batch), 1));
        }
      }
    }
    double left = FLOPS;
    while (true) {
      List<TuningRun> runs = new ArrayList<>();
      asked.forEach(trial -> runs.add(truth.run(trial.cell(), trial.setting(), trial.seed())));
      List<Trial> next = rounds.withChanges(asked, runs, left);
      Collections.shuffle(runs, new Random(seed));
      assertThat(rounds.withChanges(new ArrayList<>(asked), runs, left)).isEqualTo(next);
      if (next.isEmpty()) {
        return new Tuning(asked, runs);
      }
      assertThat(asked).doesNotContainAnyElementsOf(next);
      asked.addAll(next);
      left -= next.stream().mapToDouble(trial -> trial.cell().budget()).sum();
      assertThat(left).isNotNegative();
    }
  }

  @Test
  void withoutNoiseTheEffectsAreFoundAndTheBestOfAKeyIsNamed() {
    Tuning tuning =
        tune(
            1e-5,
            1,
            change ->
                change.equals(BEST)
                    ? -0.02
                    : change.key().equals("beta2") ? change.value() / 9 : 0);

    assertThat(tuning.effects().effects())
        .extracting(Effect::change)
        .containsExactlyInAnyOrderElementsOf(CHANGES);
    assertThat(tuning.effects().better()).extracting(Effect::change).containsExactly(BEST);
    for (Effect effect : tuning.effects().effects()) {
      Change change = effect.change();
      double truth =
          change.equals(BEST) ? -0.02 : change.key().equals("beta2") ? change.value() / 9 : 0;
      assertThat(effect.loss().orElseThrow().value()).isCloseTo(Math.expm1(truth), within(1e-4));
      assertThat(effect.verdict())
          .isEqualTo(truth < 0 ? "better" : truth > 0 ? "worse" : "not beyond the noise");
    }
    assertThat(tuning.asked().stream().filter(t -> t.setting().change().isPresent()))
        .as("nothing is left to ask")
        .hasSize(CHANGES.size() * 2 * 2);
  }

  @Tag("slow")
  @Test
  void whereNothingMattersNothingIsNamedButByRareChance() {
    int tunings = 60;
    int named = 0;
    for (int seed = 0; seed < tunings; seed++) {
      Tuning tuning = tune(0.01, seed, change -> 0);
      named += tuning.effects().better().isEmpty() ? 0 : 1;
      assertThat(tuning.spent()).isBetween(0.5 * FLOPS, FLOPS);
    }
    System.out.printf("of %d tunings without an effect %d name one%n", tunings, named);
    assertThat(named).isLessThanOrEqualTo(5);
  }

  @Tag("slow")
  @Test
  void whatMattersIsFoundAndGetsTheSeeds() {
    int tunings = 30;
    int found = 0;
    for (int seed = 0; seed < tunings; seed++) {
      Tuning tuning =
          tune(0.01, seed, change -> change.equals(BEST) ? -0.03 : change.value() > 0 ? 0.02 : 0.1);
      List<Change> better = tuning.effects().better().stream().map(Effect::change).toList();
      found += better.contains(BEST) ? 1 : 0;
      assertThat(better).isSubsetOf(BEST);
      assertThat(runs(tuning, BEST)).isGreaterThanOrEqualTo(runs(tuning, CHANGES.get(0)));
    }
    System.out.printf("of %d tunings %d find a change that saves 3%%%n", tunings, found);
    assertThat(found).isGreaterThan(24);
  }

  private static int runs(Tuning tuning, Change change) {
    return tuning.effects().effects().stream()
        .filter(effect -> effect.change().equals(change))
        .mapToInt(Effect::runs)
        .sum();
  }

  /** One run that diverged is reason enough; pairs whose other run diverged say nothing. */
  @Test
  void aChangeThatDivergesIsWorseAndIsGivenUp() {
    Cell cell = TuningTruth.cells().get(0);
    TuningTruth truth = new TuningTruth(0.01, 1);
    List<TuningRun> runs = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      TuningRun without = truth.run(cell, Setting.ONE, seed);
      runs.add(seed == 3 ? TuningTruth.diverged(without) : without);
      runs.add(truth.run(cell, Setting.ONE.with(BEST), seed));
      TuningRun other = truth.run(cell, Setting.ONE.with(CHANGES.get(0)), seed);
      runs.add(seed == 2 ? TuningTruth.diverged(other) : other);
    }
    ChangeEffects effects = ChangeEffects.of(runs);

    assertThat(effects.effects()).extracting(Effect::runs).containsExactly(2, 2);
    Effect decayed = effects.effects().get(0);
    assertThat(decayed.verdict()).isEqualTo("1 of 2 diverged");
    assertThat(decayed.worse()).isTrue();
    assertThat(decayed.open(0)).isFalse();
    assertThat(ChangeEffects.of(runs.subList(0, 2)).effects())
        .as("one pair tells no noise")
        .extracting(Effect::loss)
        .containsExactly(Optional.empty());
  }
}
