package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumbersTest {

  private static final double INFINITE = Double.POSITIVE_INFINITY;

  @Test
  void writesIntervals() {
    assertThat(Numbers.of(Words.EXPONENT, new Interval(-0.05, 0.4)))
        .isEqualTo("\u22120.050 to 0.400");
    assertThat(Numbers.of(Words.COUNT, new Interval(1e3, 2.5e6))).isEqualTo("1k to 2.5M");
    assertThat(Numbers.of(Words.LOSS, new Interval(2.34567, 2.4))).isEqualTo("2.3457 to 2.4000");
  }

  @Test
  void saysWhichEndOfAnIntervalIsOpen() {
    assertThat(Numbers.of(Words.COUNT, new Interval(1e3, INFINITE)))
        .isEqualTo("from 1k, no upper bound");
    assertThat(Numbers.of(Words.COUNT, new Interval(0, 1e3))).isEqualTo("no lower bound, to 1k");
    assertThat(Numbers.of(Words.COUNT, new Interval(0, INFINITE))).isEqualTo("no bounds");
    assertThat(Numbers.of(Words.EXPONENT, new Interval(0, 0.4))).isEqualTo("0.000 to 0.400");
    assertThat(Numbers.of(Words.EXPONENT, new Interval(-INFINITE, 0.4)))
        .isEqualTo("no lower bound, to 0.400");
  }

  @ParameterizedTest
  @CsvSource({
    "0, measured range",
    "0.04, measured range",
    "0.5, 0.5 decades beyond",
    "1, 1.0 decade beyond",
    "2, 2.0 decades beyond",
    "-0.3, 0.3 decades below"
  })
  void saysHowFarABudgetLies(double decades, String words) {
    assertThat(Numbers.reach(decades)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0.41, = 0.41", "0.0031, = 0.003", "1e-9, < 0.001"})
  void writesProbabilities(double p, String text) {
    assertThat(Numbers.probability(p)).isEqualTo(text);
  }
}
