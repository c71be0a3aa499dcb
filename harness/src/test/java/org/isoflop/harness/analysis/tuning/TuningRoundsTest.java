package org.isoflop.harness.analysis.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole tunings of a world whose best settings are known. */
final class TuningRoundsTest {

  /** Twenty-eight runs of the largest cell, a third of what a first sweep may spend. */
  private static final double FLOPS = 28 * 3e10;

  private static final List<double[]> TARGETS =
      List.of(new double[] {2e4, 5e5}, new double[] {5e4, 1e6}, new double[] {1e5, 3e5});

  private record Tuning(Set<Trial> asked, List<TuningRun> runs, int rounds) {

    double spent() {
      return runs.stream().mapToDouble(run -> run.cell().budget()).sum();
    }
  }

  private static Tuning tune(TuningTruth truth, double flops) {
    return tune(truth, flops, List.of());
  }

  private static Tuning tune(TuningTruth truth, double flops, List<Change> changes) {
    TuningRounds rounds = new TuningRounds(flops, TARGETS, changes, 1);
    Set<Trial> asked = new TreeSet<>();
    asked.addAll(rounds.first(TuningTruth.cells()));
    int count = 0;
    while (true) {
      count++;
      List<TuningRun> runs =
          asked.stream().map(t -> truth.run(t.cell(), t.setting(), t.seed())).toList();
      List<Trial> next = rounds.next(asked, runs);
      List<TuningRun> shuffled = new ArrayList<>(runs);
      Collections.shuffle(shuffled, new Random(count));
      assertThat(rounds.next(new ArrayList<>(asked), shuffled)).isEqualTo(next);
      if (next.isEmpty()) {
        return new Tuning(asked, runs, count);
      }
      assertThat(asked).doesNotContainAnyElementsOf(next);
      asked.addAll(next);
    }
  }

  /** Returns what the laws' settings cost above the best that there is, on average. */
  private static double cost(TunedLaws laws) {
    double cost = 0;
    for (double[] target : TARGETS) {
      double batch = laws.batchTokens(target[0], target[1]).value();
      double v = Math.log(batch / TuningTruth.batch(target[1]));
      double t =
          Math.log(
                  laws.learningRate(target[0], target[1]).value()
                      / TuningTruth.rate(target[0], target[1]))
              - TuningTruth.COUPLING * v;
      double q = TuningTruth.RATE_CURVATURE * t * t + TuningTruth.BATCH_CURVATURE * v * v;
      cost += TuningTruth.WINGS * (Math.sqrt(1 + q / TuningTruth.WINGS) - 1) / TARGETS.size();
    }
    return cost;
  }

  @Tag("slow")
  @Test
  void findTheBestWithinTheirShareWhereverTheyBegin() {
    for (double rule : new double[] {0.1, 1.7, 9}) {
      double cost = 0;
      for (int seed = 0; seed < 3; seed++) {
        Tuning tuning = tune(new TuningTruth(0.008, seed, rule, 0.1), FLOPS);

        assertThat(tuning.spent()).isLessThanOrEqualTo(FLOPS);
        assertThat(tuning.rounds()).isLessThan(25);
        TunedLaws laws = TuningFit.of(tuning.runs()).value().orElseThrow();
        cost += cost(laws) / 3;
      }
      assertThat(cost).as("rule off by a factor %s", rule).isLessThan(0.003);
    }
  }

  @Test
  void dearCellsGetFewRunsAndTheCheapOnesTheSeeds() {
    Tuning tuning = tune(new TuningTruth(0.01, 7), FLOPS);

    for (Cell cell : TuningTruth.cells()) {
      List<Trial> own = tuning.asked().stream().filter(t -> t.cell().equals(cell)).toList();
      assertThat(own.stream().map(Trial::setting).distinct().count()).isBetween(5L, 20L);
    }
    assertThat(tuning.asked().stream().filter(t -> t.seed() > 1)).hasSizeGreaterThan(5);
  }

  @Test
  void aSharpWorldNeedsNoSeedsAndALittleShareEndsEarly() {
    Tuning sharp = tune(new TuningTruth(0.0005, 1), 100 * FLOPS);
    assertThat(sharp.asked()).allMatch(trial -> trial.seed() == 1);

    double little = 6 * 3e10;
    Tuning cut = tune(new TuningTruth(0.01, 1), little);
    assertThat(cut.spent()).isLessThanOrEqualTo(Math.max(little, 2 * 4.3e10));
  }

  /** Once the laws are known, and where runs are cheap; the laws are worth no less for it. */
  @Test
  void changesComeLast() {
    Change change = new Change("weight_decay", 0.3);
    TuningTruth truth = new TuningTruth(0.008, 3, 1.7, 0, any -> -0.03);
    Tuning tuning = tune(truth, FLOPS, List.of(change, new Change("beta2", 0.9)));

    List<Trial> with =
        tuning.asked().stream().filter(t -> t.setting().change().isPresent()).toList();
    assertThat(with).hasSizeBetween(8, 40).allMatch(trial -> trial.cell().budget() == 3e9);
    assertThat(tuning.asked())
        .as("the same without the change")
        .containsAll(
            with.stream()
                .map(t -> new Trial(t.cell(), t.setting().unchanged(), t.seed()))
                .toList());
    assertThat(tuning.spent()).isLessThanOrEqualTo(FLOPS);
    assertThat(ChangeEffects.of(tuning.runs()).better()).hasSize(2);
    TunedLaws laws = TuningFit.of(tuning.runs()).value().orElseThrow();
    List<TuningRun> without =
        tuning.runs().stream().filter(run -> run.setting().change().isEmpty()).toList();
    TunedLaws alone = TuningFit.of(without).value().orElseThrow();
    assertThat(laws.estimates()).isEqualTo(alone.estimates());
    assertThat(cost(laws)).isLessThan(0.006);
  }

  /** What no run comes of is not asked for again. */
  @Test
  void settingsThatCannotBeTrainedAreGivenUp() {
    TuningTruth truth = new TuningTruth(0.005, 1);
    TuningRounds rounds = new TuningRounds(FLOPS, TARGETS, List.of(), 1);
    Set<Trial> asked = new TreeSet<>();
    asked.addAll(rounds.first(TuningTruth.cells()));
    for (int i = 0; i < 40; i++) {
      List<TuningRun> runs =
          asked.stream()
              .filter(t -> t.setting().batch() >= 1)
              .map(t -> truth.run(t.cell(), t.setting(), t.seed()))
              .toList();
      for (Trial trial : rounds.next(asked, runs)) {
        assertThat(asked.add(trial)).as("asked for once: %s", trial).isTrue();
      }
    }
    assertThat(asked).contains(new Trial(TuningTruth.cells().get(0), new Setting(1, 0.5), 1));
  }

  /** So few tokens that no loss gets below that of single bytes: no rate is to be looked for. */
  @Test
  void aCellWhereAllDivergeIsGivenUp() {
    TuningTruth truth = new TuningTruth(0.005, 1);
    TuningRounds rounds = new TuningRounds(FLOPS, TARGETS, List.of(), 1);
    Cell hopeless = TuningTruth.cells().get(1);
    Set<Trial> asked = new TreeSet<>();
    List<TuningRun> runs = List.of();
    List<Trial> next = rounds.first(TuningTruth.cells());
    while (!next.isEmpty()) {
      asked.addAll(next);
      runs =
          asked.stream()
              .map(
                  t -> {
                    TuningRun run = truth.run(t.cell(), t.setting(), t.seed());
                    return t.cell().equals(hopeless) ? TuningTruth.diverged(run) : run;
                  })
              .toList();
      next = rounds.next(asked, runs);
    }
    assertThat(asked.stream().filter(t -> t.cell().equals(hopeless))).hasSizeLessThanOrEqualTo(7);
    assertThat(cost(TuningFit.of(runs).value().orElseThrow())).isLessThan(0.01);
  }
}
