package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExponentForecastTest {

  @ParameterizedTest
  @CsvSource({"3, 1, .068", "4, 1.5, .043", "5, 2, .030", "9, 4, .012"})
  void standardErrorsOfUsualGrids(int budgets, double decades, double expected) {
    List<Double> grid =
        IntStream.range(0, budgets)
            .mapToObj(i -> 1e15 * Math.pow(10, decades * i / (budgets - 1)))
            .toList();

    assertThat(ExponentForecast.standardError(grid)).hasValueCloseTo(expected, within(0.0005));
  }

  @Test
  void nothingBelowThreeBudgets() {
    assertThat(ExponentForecast.standardError(List.of(1e15, 1e17))).isEmpty();
  }
}
