package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.sweep.SweepForTime.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SweepForTimeTest {

  private static final DataFacts MUCH = much(256);

  /** From a slow processor's minute to a GPU's month, over every scale; and other tokens. */
  @ParameterizedTest
  @CsvSource({
    "256, 1e9, 25",
    "256, 1e9, 60",
    "256, 1e9, 120",
    "256, 1e9, 250",
    "256, 1e9, 1800",
    "256, 1e10, 7200",
    "256, 1e10, 90000",
    "256, 1e13, 9000",
    "256, 1e14, 3e6",
    "1024, 1e9, 1000",
    "4096, 1e10, 7200",
    "50257, 1e10, 250000",
    "50257, 1e14, 3e6"
  })
  void takesTheTimeThereIs(int vocabulary, double flopsPerSecond, double seconds) {
    Found found = search(much(vocabulary), flopsPerSecond).within(seconds);

    assertThat(found.seconds()).isBetween(0.8 * seconds, seconds);
    assertThat(found.refused()).isEmpty();
    List<Double> budgets = found.config().grid().budgets();
    assertThat(budgets).hasSizeBetween(2, 5);
    var sizes =
        found.plan().points().stream()
            .collect(
                Collectors.groupingBy(
                    point -> point.job().horizon().orElseThrow().budget(),
                    Collectors.mapping(point -> point.job().decoder(), Collectors.toSet())));
    assertThat(sizes.keySet()).containsExactlyInAnyOrderElementsOf(budgets);
    assertThat(sizes.values()).as("sizes that a curve needs").allMatch(some -> some.size() >= 4);
  }

  @Test
  void aShortTextBoundsIt() {
    Found found = search(new DataFacts(1_000_000, 50_000, 256), 1e10).within(36_000);

    assertThat(found.refused().orElseThrow()).contains("limits.epochs", "more than 4 passes");
    assertThat(found.seconds()).isLessThan(10_000);
    double most =
        found.plan().points().stream().mapToDouble(JobForecast::epochs).max().orElseThrow();
    assertThat(most).isBetween(3.0, 4.0);
  }

  @Test
  void thereIsASmallestAndATextTooShortForIt() {
    Found found = search(MUCH, 1e6).within(1);
    assertThat(found.seconds()).isGreaterThan(1);
    assertThat(found.config().grid().budgets()).containsExactly(1e9, 3.3e9);

    SweepForTime search = search(new DataFacts(10_000, 500, 256), 1e9);
    assertThatThrownBy(() -> search.within(60))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("name more text");
    assertThat(search.overTwoDecades()).isEmpty();
  }

  /** The smallest decoders of GPT-2's 50,257 tokens have 8 x 50,257 params and more. */
  @Test
  void aLargeVocabularyBeginsHigherAndWantsASmallerOne() {
    SweepForTime gpt2 = search(much(50_257), 1e10);
    Found found = gpt2.within(1800);
    assertThat(found.seconds()).isGreaterThan(20 * 3600);
    assertThat(found.config().grid().budgets()).hasSize(2).allMatch(budget -> budget > 4e13);
    assertThat(found.config().decoder().tied()).isTrue();
    assertThat(found.plan().points()).hasSizeGreaterThan(9);
    assertThat(gpt2.embeddingShare(found.top())).isBetween(0.97, 1.0);

    assertThat(gpt2.smallerVocabulary(1e10)).hasValue(256);
    assertThat(gpt2.smallerVocabulary(1e12)).hasValue(1024);
    assertThat(gpt2.smallerVocabulary(1e14)).hasValue(4096);
    assertThat(gpt2.smallerVocabulary(1e18)).isEmpty();
    assertThat(search(much(4096), 1e10).smallerVocabulary(1e14)).isEmpty();
    assertThat(search(MUCH, 1e10).smallerVocabulary(1e9)).isEmpty();
  }

  private static DataFacts much(int vocabulary) {
    return new DataFacts(1L << 50, 1L << 40, vocabulary);
  }

  private static SweepForTime search(DataFacts data, double flopsPerSecond) {
    return new SweepForTime(
        "some",
        CorpusConfig.of(List.of("any")),
        data.vocabulary(),
        config -> Plan.of(config, data, (decoder, tokens) -> flopsPerSecond),
        1);
  }
}
