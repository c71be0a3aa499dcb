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

  private static final DataFacts MUCH = new DataFacts(1L << 50, 1L << 40, 256);

  /** From a slow processor's minute to a GPU's month, over every scale. */
  @ParameterizedTest
  @CsvSource({
    "1e9, 25",
    "1e9, 60",
    "1e9, 120",
    "1e9, 250",
    "1e9, 1800",
    "1e10, 7200",
    "1e10, 90000",
    "1e13, 9000",
    "1e14, 3e6"
  })
  void takesTheTimeThereIs(double flopsPerSecond, double seconds) {
    Found found = search(MUCH, flopsPerSecond).within(seconds);

    assertThat(found.seconds()).isBetween(0.8 * seconds, seconds);
    assertThat(found.refused()).isEmpty();
    List<Double> budgets = found.config().grid().budgets();
    assertThat(budgets).hasSizeBetween(2, 5);
    var sizes =
        found.plan().forecast().points().stream()
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
        found.plan().forecast().points().stream()
            .mapToDouble(JobForecast::epochs)
            .max()
            .orElseThrow();
    assertThat(most).isBetween(3.0, 4.0);
  }

  @Test
  void thereIsASmallestAndATextTooShortForIt() {
    Found found = search(MUCH, 1e6).within(1);
    assertThat(found.seconds()).isGreaterThan(1);
    assertThat(found.config().grid().budgets()).containsExactly(1e9, 3.2e9);

    SweepForTime search = search(new DataFacts(10_000, 500, 256), 1e9);
    assertThatThrownBy(() -> search.within(60))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("name more text");
    assertThat(search.overTwoDecades()).isEmpty();
  }

  private static SweepForTime search(DataFacts data, double flopsPerSecond) {
    return new SweepForTime(
        "some",
        CorpusConfig.of(List.of("any")),
        config -> Plan.of(config, data, (decoder, tokens) -> flopsPerSecond),
        1);
  }
}
