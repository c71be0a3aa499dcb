package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.isoflop.harness.Quantities;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Counts as people write them. */
final class CountConverterTest {

  @ParameterizedTest
  @CsvSource({
    "1e20, 1e20",
    "+3.2E+9, 3.2e9",
    "400M, 4e8",
    "3.2B, 3.2e9",
    "3.2g, 3.2e9",
    "5T, 5e12",
    "12k, 12000",
    ".5b, 5e8",
    "7., 7",
    "20000000, 2e7",
    "1, 1"
  })
  void readsUnits(String text, double value) {
    assertThat(new CountConverter().convert(text)).isCloseTo(value, within(1e-12 * value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "0",
        "-5",
        "-1e20",
        "0.5",
        "1e41",
        "1e999",
        "NaN",
        "Infinity",
        "1d",
        "0x10",
        "5 Q",
        "3,2B",
        "1e",
        "e20",
        "5TT"
      })
  void refusesWhatIsNoCount(String text) {
    assertThatThrownBy(() -> new CountConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("1e20, 400M, 3.2B or 5T");
  }

  @Property(tries = 200)
  void readsWhatTheScreenPrints(@ForAll @DoubleRange(min = 0, max = 30) double decades) {
    double value = Math.pow(10, decades);
    assertThat(new CountConverter().convert(Quantities.count(value)))
        .isCloseTo(value, within(0.0051 * value));
    assertThat(new CountConverter().convert(Quantities.flops(value)))
        .isCloseTo(value, within(0.0051 * value));
  }
}
