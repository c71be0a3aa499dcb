package org.isoflop.harness.analysis.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {

  private static final double INFINITE = Double.POSITIVE_INFINITY;

  @ParameterizedTest
  @CsvSource({
    "COUNT, 2.134e6, 2.13M",
    "FLOPS, 1.04e15, 1.04e15",
    "EXPONENT, 0.4981, 0.498",
    "CHANGE, 0.0123, +0.012",
    "LOSS, 2.10432, 2.1043",
    "ROUND_LOSS, 2.10432, 2.104",
    "SHARE, 0.031, 3.1%",
    "DIFFERENCE, -0.0123, -1.2%",
    "FINE_DIFFERENCE, 0.01234, +1.23%",
    "FACTOR, 1.019, 1.02",
    "COEFFICIENT, 482.01, 482",
    "COEFFICIENT, 2085.43, 2090",
    "COEFFICIENT, 8.4e6, 8.4e6",
    "COEFFICIENT, 0.178, 0.178",
    "COEFFICIENT, 0.00012, 1.2e-4",
    "NUMBER, 0.004121, 0.00412"
  })
  void eachKindOfNumberIsSaidInItsOwnWay(Words words, double value, String said) {
    assertThat(words.of(value)).isEqualTo(said);
  }

  @Test
  void anEstimateHasItsIntervalBehindItAndAnOpenEndIsNoBound() {
    assertThat(Words.EXPONENT.of(new Estimate(0.5, new Interval(-INFINITE, 0.6))))
        .isEqualTo("0.500 [no bound, 0.600]");
    assertThat(Words.COUNT.of(new Estimate(1e8, new Interval(0, 2e8))))
        .isEqualTo("100M [no bound, 200M]");
    assertThat(Words.FACTOR.of(new Estimate(INFINITE, new Interval(1.5, INFINITE))))
        .isEqualTo("no bound [1.50, no bound]");
  }
}
