package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.isoflop.harness.analysis.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "850, 850, 850",
    "20.04, 20, 20",
    "0.25, 0.25, 0.25",
    "1000, 1.00k, 1k",
    "999.6, 1.00k, 1k",
    "12345, 12.3k, 12.3k",
    "100000, 100k, 100k",
    "999500, 1.00M, 1M",
    "2500000, 2.50M, 2.5M",
    "7e10, 70.0B, 70B",
    "1.4e12, 1.40T, 1.4T",
    "2e15, 2000T, 2000T",
    "0, 0, 0"
  })
  void writesCounts(double value, String count, String tick) {
    assertThat(Numbers.count(value)).isEqualTo(count);
    assertThat(Numbers.tick(value)).isEqualTo(tick);
  }

  @ParameterizedTest
  @CsvSource({"3e10, 3e10", "3.1623e11, 3.16e11", "9.999e11, 1e12", "1e18, 1e18", "6, 6e0"})
  void writesFlops(double value, String text) {
    assertThat(Numbers.flops(value)).isEqualTo(text);
  }

  @Test
  void writesIntervals() {
    assertThat(Numbers.exponents(new Interval(-0.05, 0.4))).isEqualTo("\u22120.050 to 0.400");
    assertThat(Numbers.counts(new Interval(1e3, Double.POSITIVE_INFINITY)))
        .isEqualTo("1.00k\u2013\u221e");
    assertThat(Numbers.losses(new Interval(2.34567, 2.4))).isEqualTo("2.3457\u20132.4000");
  }
}
