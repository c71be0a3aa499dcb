package org.isoflop.harness.analysis.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TuningFitTest {

  /** A decade beyond the largest cell, where a sweep would use the laws. */
  private static final double PARAMS = 5e4;

  private static final double TOKENS = 1e6;

  private static List<TuningRun> star(TuningTruth truth) {
    List<TuningRun> runs = new ArrayList<>();
    for (Cell cell : TuningTruth.cells()) {
      for (double rate : new double[] {0.25, 0.5, 1, 2}) {
        runs.add(truth.run(cell, new Setting(rate, 1), 1));
        runs.add(truth.run(cell, new Setting(rate, 2), 1));
      }
      runs.add(truth.run(cell, new Setting(0.5, 4), 1));
      runs.add(truth.run(cell, new Setting(0.5, 0.5), 1));
    }
    return runs;
  }

  private static TunedLaws fit(List<TuningRun> runs) {
    return TuningFit.of(runs).value().orElseThrow();
  }

  private static Map<String, Estimate> estimates(TunedLaws laws) {
    TunedLaws.Estimates found = laws.estimates();
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put("rate", laws.learningRate(PARAMS, TOKENS));
    estimates.put("batch", laws.batchTokens(PARAMS, TOKENS));
    estimates.put("rate by N", found.learningRateByParams());
    estimates.put("rate by D", found.learningRateByTokens());
    estimates.put("batch by N", found.batchByParams());
    estimates.put("batch by D", found.batchByTokens());
    estimates.put("rate by batch", found.learningRateByBatch());
    estimates.put("cost of twice the rate", found.costOfTwiceTheLearningRate());
    estimates.put("cost of twice the batch", found.costOfTwiceTheBatch());
    return estimates;
  }

  private static Map<String, Double> truths() {
    Map<String, Double> truths = new LinkedHashMap<>();
    truths.put("rate", TuningTruth.rate(PARAMS, TOKENS));
    truths.put("batch", TuningTruth.batch(TOKENS));
    truths.put("rate by N", -0.35);
    truths.put("rate by D", 0.12);
    truths.put("batch by N", 0.0);
    truths.put("batch by D", 0.4);
    truths.put("rate by batch", TuningTruth.COUPLING);
    truths.put("cost of twice the rate", cost(TuningTruth.RATE_CURVATURE));
    truths.put("cost of twice the batch", cost(TuningTruth.BATCH_CURVATURE));
    return truths;
  }

  private static double cost(double curvature) {
    double q = curvature * Math.log(2) * Math.log(2) / TuningTruth.WINGS;
    return Math.expm1(TuningTruth.WINGS * (Math.sqrt(1 + q) - 1));
  }

  @Test
  void withoutNoiseTheTruthIsFound() {
    TunedLaws laws = fit(star(new TuningTruth(0, 1)));

    Map<String, Estimate> found = estimates(laws);
    truths()
        .forEach(
            (name, truth) ->
                assertThat(found.get(name).value())
                    .as(name)
                    .isCloseTo(truth, within(0.003 + 0.01 * Math.abs(truth))));
    TunedLaws.Power rate = laws.ratePower();
    TunedLaws.Power batch = laws.batchPower();
    double own =
        batch.factor() * Math.pow(PARAMS, batch.params()) * Math.pow(TOKENS, batch.tokens());
    assertThat(own).isCloseTo(laws.batchTokens(PARAMS, TOKENS).value(), withinPercentage(1e-6));
    assertThat(
            rate.factor()
                * Math.pow(PARAMS, rate.params())
                * Math.pow(TOKENS, rate.tokens())
                * Math.pow(own, rate.batch()))
        .isCloseTo(laws.learningRate(PARAMS, TOKENS).value(), withinPercentage(1e-6));
  }

  /** With the shape that is fitted, and with one that is steeper by a sixth on one side. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.15})
  void intervalsHoldTheTruthAsOftenAsTheySay(double skew) {
    int sweeps = 100;
    Map<String, Integer> held = new LinkedHashMap<>();
    double noise = 0;
    for (int seed = 0; seed < sweeps; seed++) {
      TunedLaws laws = fit(star(new TuningTruth(0.01, seed, 1.7, skew)));
      Map<String, Estimate> found = estimates(laws);
      truths()
          .forEach(
              (name, value) -> {
                var interval = found.get(name).interval();
                boolean holds = interval.low() <= value && value <= interval.high();
                held.merge(name, holds ? 1 : 0, Integer::sum);
              });
      noise += noise(laws, 1e10) / sweeps;
      assertThat(noise(laws, 3e9)).isBetween(0.002, 0.02);
    }
    System.out.printf("of %d tunings, skew %s: %s%n", sweeps, skew, held);
    assertThat(held).allSatisfy((name, times) -> assertThat(times).as(name).isBetween(90, 100));
    assertThat(noise).isCloseTo(0.01 * Math.pow(1e10 / 3e9, -0.3), within(0.0015));
  }

  private static double noise(TunedLaws laws, double budget) {
    return laws.cells().stream()
        .filter(cell -> cell.cell().budget() == budget)
        .findFirst()
        .orElseThrow()
        .noise();
  }

  @Test
  void moreRunsSaveMoreLoss() {
    TuningTruth truth = new TuningTruth(0.01, 3);
    List<double[]> cells = List.of(new double[] {PARAMS, TOKENS});
    List<TuningRun> runs = star(truth);
    double once = fit(runs).expectedLoss(cells);
    runs.addAll(star(truth).stream().map(run -> truth.run(run.cell(), run.setting(), 2)).toList());

    assertThat(once).isBetween(1e-4, 0.03);
    assertThat(fit(runs).expectedLoss(cells)).isLessThan(0.8 * once);
  }

  @Test
  void tooLittleIsRefusedInASentence() {
    List<TuningRun> runs = star(new TuningTruth(0.01, 1));

    assertRefused(
        runs.stream().filter(run -> run.cell().budget() == 3e9).toList(),
        "only 2 cells have a loss, and laws of params and tokens need 3");
    assertRefused(
        runs.stream().filter(run -> run.setting().batch() == 1).toList(),
        "no cell was trained with several learning rates and several batches");
    assertRefused(
        runs.stream()
            .filter(run -> run.setting().learningRate() == 0.5 || run.setting().batch() == 4)
            .toList(),
        "no cell was trained with several learning rates");
    assertRefused(
        runs.stream()
            .filter(
                run ->
                    run.setting().equals(new Setting(0.5, 1))
                        || run.setting()
                            .equals(
                                run.cell().budget() == 3e9
                                    ? new Setting(1, 1)
                                    : new Setting(0.5, 2)))
            .toList(),
        "are too few to tell laws from noise; it takes ");
    assertRefused(
        star(new TuningTruth(0.005, 1, 0.05, 0)),
        "at 6 of 6 cells the best learning rate is the highest tried, so the best lies beyond");
  }

  private static void assertRefused(List<TuningRun> runs, String sentence) {
    assertThat(TuningFit.of(runs).refused().orElseThrow()).contains(sentence);
  }

  @Test
  void runsAreReadOffTheirFileOrRefusedByLine(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("points.csv");
    String header =
        "job,budget_flops,params,tokens,loss,batch_tokens,learning_rate,seed,status,"
            + "learning_rate_multiplier,batch_multiplier,changes\n";
    Cell cell = new Cell(1e9, 1000);
    Files.writeString(
        csv,
        header
            + "a,1e9,1000,166000,2.5,128,0.01,9223372036854775807,superseded,1,0.5,beta2=0.9\n"
            + "b,1e9,1000,166000,NaN,128,0.08,1,diverged,8,0.5,\n"
            + "c,1e9,1000,166000,2.6,128,0.08,1,verification,1,1,\n");
    assertThat(TuningRun.read(csv))
        .containsExactly(
            new TuningRun(
                new Trial(
                    cell,
                    new Setting(1, 0.5, Optional.of(new Change("beta2", 0.9))),
                    Long.MAX_VALUE),
                166000,
                0.01,
                128,
                OptionalDouble.of(2.5)),
            new TuningRun(
                new Trial(cell, new Setting(8, 0.5), 1),
                166000,
                0.08,
                128,
                OptionalDouble.empty()));

    Files.writeString(csv, header + "a,1e9,1000,166000,-2.5,128,0.01,1,done,1,1,\n");
    assertThat(catchThrowable(() -> TuningRun.read(csv)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("line 2: -2.5 is not a positive number");
    Files.writeString(csv, header + "a,1e9,1000,166000,2.5,128,0.01,1,done,1,1,beta2=0 warmup=1\n");
    assertThat(catchThrowable(() -> TuningRun.read(csv)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("line 2: ");
    Files.writeString(csv, header + "a,1e9,1000,,2.5,128,0.01,1,done,1,1,\n");
    assertThat(catchThrowable(() -> TuningRun.read(csv)))
        .hasMessageContaining("line 2, column tokens: a number is needed, found \"\"");
  }
}
