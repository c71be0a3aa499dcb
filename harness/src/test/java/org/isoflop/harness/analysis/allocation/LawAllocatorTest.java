package org.isoflop.harness.analysis.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.allocation.Allocation.Question;
import org.isoflop.harness.analysis.allocation.LawAllocation.EqualLoss;
import org.isoflop.harness.analysis.allocation.LawAllocation.InferenceOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.RepeatedOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;
import org.junit.jupiter.api.Test;

/** The answers of a law with their intervals. */
final class LawAllocatorTest {

  private static final MeasuredRange MEASURED = new MeasuredRange(1e18, 1e20, 2, 200);

  private static LawAllocator allocator(LawSample sample) {
    return LawAllocator.of(sample, MEASURED).value().orElseThrow();
  }

  @Test
  void theOptimumIsTheLawsWithTheSpreadOfItsResamples() {
    Law low = new Law(1.8172, 450, 2085.43, 0.3478, 0.3658);
    Law high = new Law(1.8172, 520, 2085.43, 0.3478, 0.3658);
    LawSample sample =
        new LawSample(
            Laws.CHINCHILLA,
            Stream.concat(
                    Collections.nCopies(100, low).stream(), Collections.nCopies(100, high).stream())
                .toList(),
            0);
    TrainOptimal found = allocator(sample).trainOptimal(1e21);

    assertThat(found.params().value()).isCloseTo(Laws.CHINCHILLA.optimalParams(1e21), within(1.0));
    assertThat(found.params().interval().low()).isCloseTo(low.optimalParams(1e21), within(10.0));
    assertThat(found.params().interval().high()).isCloseTo(high.optimalParams(1e21), within(10.0));
    assertThat(found.tokens().value() * found.params().value() * 6).isCloseTo(1e21, within(1e12));
    assertThat(found.loss().orElseThrow().value())
        .isCloseTo(
            Laws.CHINCHILLA.loss(found.params().value(), found.tokens().value()), within(1e-9));
  }

  @Test
  void servingIsAnsweredWithEverythingItCosts() {
    InferenceOptimum found =
        allocator(Laws.sample(Laws.CHINCHILLA, 0.01, 200)).withInference(1e21, 1e13);

    double params = found.params().value();
    assertThat(found.trainingFlops().value())
        .isCloseTo(6 * params * found.tokens().value(), within(1e12));
    assertThat(found.inferenceFlops().value()).isCloseTo(2 * params * 1e13, within(1e12));
    assertThat(found.totalFlops().value())
        .isCloseTo(found.trainingFlops().value() + found.inferenceFlops().value(), within(1e12));
    double optimum = 1e21 + 2 * Laws.CHINCHILLA.optimalParams(1e21) * 1e13;
    assertThat(found.share().value()).isCloseTo(found.totalFlops().value() / optimum, within(1e-9));
    assertThat(found.share().interval().high()).isLessThan(1);
    assertThat(found.decadesBeyond())
        .isCloseTo(Math.log10(found.trainingFlops().value() / 1e20), within(1e-12));
  }

  @Test
  void limitedDataIsAnsweredWithWhatItCosts() {
    LawAllocator allocator = allocator(Laws.sample(Laws.CHINCHILLA, 0.01, 200));
    double optimal = Laws.CHINCHILLA.optimalTokens(1e21);

    RepeatedOptimum scarce = allocator.withUniqueTokens(1e21, optimal / 20);
    assertThat(scarce.epochs().value())
        .isCloseTo(scarce.tokens().value() / (optimal / 20), within(1e-9));
    assertThat(scarce.epochs().interval().low()).isGreaterThan(4);
    assertThat(scarce.lossCost().interval().low()).isPositive();
    assertThat(scarce.loss().value() - scarce.lossCost().value())
        .isCloseTo(allocator.trainOptimal(1e21).loss().orElseThrow().value(), within(1e-12));

    RepeatedOptimum plenty = allocator.withUniqueTokens(1e21, 100 * optimal);
    assertThat(plenty.params()).isEqualTo(allocator.trainOptimal(1e21).params());
    assertThat(plenty.lossCost().interval().high()).isCloseTo(0, within(1e-12));
  }

  @Test
  void equalLossIsInfiniteWhereNoTokensReachIt() {
    LawAllocator allocator = allocator(Laws.sample(Laws.CHINCHILLA, 0.1, 200));
    List<EqualLoss> found = allocator.equalLoss(1e21, 0.1, 0.17, 0.5, 1, 2);

    EqualLoss never = found.get(0);
    assertThat(never.reachable()).isFalse();
    assertThat(never.computeFactor().interval().high()).isInfinite();
    assertThat(never.tokens().value()).isInfinite();
    // Some resamples reach it and some do not: one end is a number, the other is none.
    Interval partly = found.get(1).computeFactor().interval();
    assertThat(partly.low()).isFinite().isGreaterThan(1);
    assertThat(partly.high()).isInfinite();
    Estimate half = found.get(2).computeFactor();
    assertThat(half.interval().low()).isGreaterThan(1);
    assertThat(half.interval().high()).isFinite();
    assertThat(found.get(3).computeFactor().value()).isCloseTo(1, within(1e-12));
    assertThat(found.get(4).params().value())
        .isCloseTo(2 * Laws.CHINCHILLA.optimalParams(1e21), within(10.0));
  }

  @Test
  void aQuestionGetsWhatItAsksForAndNoMore() {
    LawAllocator allocator = allocator(Laws.sample(Laws.CHINCHILLA, 0.01, 100));
    LawAllocation plain = allocator.allocate(Question.of(1e21));
    LawAllocation full =
        allocator.allocate(new Question(1e21, OptionalDouble.of(1e13), OptionalDouble.of(1e9)));

    assertThat(plain.inference()).isEmpty();
    assertThat(plain.uniqueTokens()).isEmpty();
    assertThat(plain.equalLoss()).extracting(EqualLoss::size).containsExactly(0.25, 0.5, 2.0, 4.0);
    assertThat(full.inference()).isPresent();
    assertThat(full.uniqueTokens()).isPresent();
  }

  @Test
  void lawsWithoutAnOptimumAreRefusedOrCounted() {
    Law flat = new Law(2, 0, 400, 0.3, 0.3);
    LawSample mixed =
        new LawSample(
            Laws.CHINCHILLA,
            Stream.concat(
                    Laws.sample(Laws.CHINCHILLA, 0.01, 80).resampled().stream(),
                    Collections.nCopies(15, flat).stream())
                .toList(),
            5);
    Fitted<LawAllocator> none = LawAllocator.of(Laws.sample(flat, 0.01, 100), MEASURED);
    Fitted<LawAllocator> few =
        LawAllocator.of(
            new LawSample(Laws.CHINCHILLA, Collections.nCopies(100, flat), 0), MEASURED);

    assertThat(allocator(mixed).sample().refused()).isEqualTo(20);
    assertThat(allocator(mixed).trainOptimal(1e21).params().interval().high()).isFinite();
    assertThat(none.refused().orElseThrow()).contains("only tokens lower its loss");
    assertThat(few.refused().orElseThrow()).contains("100 of 100 resamples");
  }
}
