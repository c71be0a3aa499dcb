package org.isoflop.harness.analysis.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoubleBinaryOperator;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.envelope.EnvelopeFit.Envelope;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

final class EnvelopeFitTest {

  private static final Resampling RESAMPLING = new Resampling(1, 300);

  private static double symmetric(double params, double tokens) {
    return 1.8 + 400 / Math.pow(params, 0.34) + 1200 / Math.pow(tokens, 0.34);
  }

  @Test
  void findsChinchillasExponents() {
    Exponents found = fit(runs(Surfaces::chinchilla, 12, 0)).exponents();

    assertThat(found.a().value()).isCloseTo(Surfaces.CHINCHILLA_A, within(0.01));
    assertThat(found.b().value()).isCloseTo(1 - Surfaces.CHINCHILLA_A, within(0.01));
  }

  @Test
  void findsOneHalfWhereParamsAndTokensCountAlike() {
    Exponents found = fit(runs(EnvelopeFitTest::symmetric, 12, 0)).exponents();

    assertThat(found.a().value()).isCloseTo(0.5, within(0.01));
  }

  @Test
  void findsTheExponentsOfASweepWhoseRunsEndAtItsBudgets() {
    List<TrainingRun> runs = new ArrayList<>();
    for (double budget : Surfaces.budgets(1e18, Math.sqrt(10), 5)) {
      double centre = Math.exp(Surfaces.chinchillaLnParams(budget));
      for (double params : Runs.sizes(centre / 4, Math.pow(4, 1 / 3.0), 7)) {
        double tokensPerParam = budget / (6 * params * params);
        runs.addAll(
            Runs.sample(
                Surfaces::chinchilla, new double[] {params}, tokensPerParam, 1000, 0.01, 1));
      }
    }

    Exponents found = fit(runs).exponents();

    assertThat(found.a().value()).isCloseTo(Surfaces.CHINCHILLA_A, within(0.03));
  }

  @Test
  void smoothsTheNoiseOfSingleSteps() {
    Exponents found = fit(runs(Surfaces::chinchilla, 12, 0.01)).exponents();

    Interval interval = found.a().interval();
    assertThat(found.a().value()).isCloseTo(Surfaces.CHINCHILLA_A, within(0.03));
    assertThat(Surfaces.CHINCHILLA_A).isBetween(interval.low(), interval.high());
    assertThat(interval.high() - interval.low()).isBetween(0.01, 0.3);
  }

  @Test
  void theExponentsOfNAndDAddUpToOneWhereComputeIsTheirProduct() {
    Exponents found = fit(runs(Surfaces::chinchilla, 8, 0.01)).exponents();

    assertThat(found.a().value() + found.b().value()).isCloseTo(1, within(1e-9));
  }

  @Test
  void aCosineDrawsItTowardsSmallModelsNearTheirEnd() {
    double tokens = 1e11;
    DoubleBinaryOperator cosine =
        (n, d) -> Surfaces.chinchilla(n, d) * (1 + 0.025 * (1 + Math.cos(Math.PI * d / tokens)));

    double without = fit(ofEqualTokens(Surfaces::chinchilla, tokens)).exponents().a().value();
    double with = fit(ofEqualTokens(cosine, tokens)).exponents().a().value();

    assertThat(without).isCloseTo(Surfaces.CHINCHILLA_A, within(0.01));
    assertThat(with).isCloseTo(0.40, within(0.02));
  }

  private static List<TrainingRun> ofEqualTokens(DoubleBinaryOperator loss, double tokens) {
    List<TrainingRun> runs = new ArrayList<>();
    for (double params : Runs.sizes(4e7, 1.5, 12)) {
      runs.addAll(Runs.sample(loss, new double[] {params}, tokens / params, 1000, 0, 1));
    }
    return runs;
  }

  @Test
  void alwaysNotesTheSchedule() {
    assertThat(fit(runs(Surfaces::chinchilla, 12, 0)).notes())
        .first()
        .asString()
        .startsWith("Envelope: a loss before the end of its schedule");
  }

  @Test
  void notesWhereTheStepsOfTheEnvelopeAreFew() {
    Envelope found = fit(repeated(runs(Surfaces::chinchilla, 6, 0)));

    assertThat(found.notes())
        .contains(
            "Envelope: its N* takes only 4 values, and steps as coarse as that lower a by about"
                + " 6.3% of itself.");
  }

  @Test
  void refusesWithoutCurves() {
    assertThat(refusal(List.of()))
        .isEqualTo(
            "No training curves: the envelope needs the losses of runs on their way, as a sweep"
                + " logs them for every job.");
  }

  @Test
  void refusesFewSizesHoweverManyRuns() {
    assertThat(refusal(repeated(runs(Surfaces::chinchilla, 3, 0))))
        .isEqualTo("The training curves are of only 3 sizes; the envelope needs at least 4.");
  }

  @Test
  void refusesAnEnvelopeOfTwoSizes() {
    assertThat(refusal(runs(Surfaces::chinchilla, 4, 0)))
        .isEqualTo(
            "Only 2 sizes have the lowest training loss between smaller and larger ones of equal"
                + " compute; exponents of the envelope need at least 3.");
  }

  @Test
  void refusesAnEnvelopeWhoseSmallestSizeIsAlwaysBest() {
    assertThat(refusal(runs((params, tokens) -> 2 + params / 1e10 + 1e3 / tokens, 12, 0)))
        .startsWith("Only 0 sizes have the lowest training loss");
  }

  @Test
  void refusesAShortEnvelope() {
    double[] close = Runs.sizes(4e8, 1.05, 6);
    assertThat(refusal(Runs.sample(Surfaces::chinchilla, close, 200, 2000, 0, 1)))
        .matches(
            "The envelope of the training curves lies inside their sizes over only 0\\.\\d\\d"
                + " decades of compute; its exponents need at least 0\\.5\\.");
  }

  @Test
  void refusesWhatHangsOnSingleRuns() {
    assertThat(refusal(runs(Surfaces::chinchilla, 5, 0)))
        .matches(
            "\\d+ of 300 resamples of the runs have too little of an envelope for exponents, so"
                + " those of all runs hang on single runs\\.");
  }

  @Test
  void isTheSameOnAnyNumberOfThreads() throws Exception {
    List<TrainingRun> runs = runs(Surfaces::chinchilla, 12, 0.01);

    assertThat(onThreads(1, runs)).isEqualTo(onThreads(4, runs));
  }

  private static Fitted<Envelope> onThreads(int threads, List<TrainingRun> runs) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> EnvelopeFit.fit(runs, RESAMPLING)).get();
    } finally {
      pool.shutdown();
    }
  }

  /** Returns every run with three more seeds, so that most resamples keep every size. */
  private static List<TrainingRun> repeated(List<TrainingRun> runs) {
    List<TrainingRun> repeated = new ArrayList<>(runs);
    for (TrainingRun run : runs) {
      for (String seed : List.of("b", "c", "d")) {
        repeated.add(
            new TrainingRun(
                run.lineage() + seed, run.params(), run.flopsPerToken(), run.samples()));
      }
    }
    return repeated;
  }

  private static List<TrainingRun> runs(DoubleBinaryOperator loss, int sizes, double noise) {
    return Runs.sample(loss, Runs.sizes(4e7, 1.5, sizes), 200, 2000, noise, 1);
  }

  private static Envelope fit(List<TrainingRun> runs) {
    return EnvelopeFit.fit(runs, RESAMPLING).value().orElseThrow();
  }

  private static String refusal(List<TrainingRun> runs) {
    return EnvelopeFit.fit(runs, RESAMPLING).refused().orElseThrow();
  }
}
