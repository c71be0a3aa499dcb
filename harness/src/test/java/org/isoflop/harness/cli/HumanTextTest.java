package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HumanTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.00",
    "5, 5.00",
    "9.994, 9.99",
    "9.996, 10.0",
    "99.94, 99.9",
    "99.96, 100",
    "999.4, 999",
    "999.6, 1.00k",
    "41234, 41.2k",
    "1.05e6, 1.05M",
    "999600, 1.00M",
    "3e9, 3.00G",
    "1.5e12, 1.50T",
    "1e18, 1.00E",
    "2.5e21, 2500E",
  })
  void metricKeepsThreeDigits(double value, String expected) {
    assertThat(HumanText.metric(value)).isEqualTo(expected);
  }

  @Property
  void metricReadsBackWithinHalfAPercent(@ForAll @DoubleRange(min = 1, max = 9e20) double value) {
    String text = HumanText.metric(value);
    int prefix = " kMGTPE".indexOf(text.charAt(text.length() - 1));
    String digits = prefix < 0 ? text : text.substring(0, text.length() - 1);
    double read = Double.parseDouble(digits) * Math.pow(1000, Math.max(0, prefix));

    assertThat(read / value).isBetween(0.9949, 1.0051);
    assertThat(digits).hasSizeLessThanOrEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "499, 0s",
    "59499, 59s",
    "59500, 1m00s",
    "250000, 4m10s",
    "3599499, 59m59s",
    "3599500, 1h00m",
    "11100000, 3h05m",
    "360000000, 100h00m",
  })
  void durationHasTwoUnitsAtMost(long milliseconds, String expected) {
    assertThat(HumanText.duration(Duration.ofMillis(milliseconds))).isEqualTo(expected);
  }

  @Test
  void numbersDoNotDependOnTheCountry() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(HumanText.metric(41_234)).isEqualTo("41.2k");
      assertThat(CorpusText.describe(Plans.CORPUS)).contains("1,234 documents");
    } finally {
      Locale.setDefault(before);
    }
  }
}
