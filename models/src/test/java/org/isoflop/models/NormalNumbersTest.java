package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class NormalNumbersTest {

  /** The first numbers of SplitMix64's reference code from state 1234567, unsigned. */
  @Test
  void bitsAreSplitMix64s() {
    NormalNumbers numbers = NormalNumbers.from(1234567);
    for (String expected :
        new String[] {"6457827717110365317", "3203168211198807973", "9817491932198370423"}) {
      assertThat(Long.toUnsignedString(numbers.bits())).isEqualTo(expected);
    }
  }

  @Test
  void numbersAreNormalAndTheirStreamsDiffer() {
    NormalNumbers numbers = new NormalNumbers(1, 0);
    int count = 100_000;
    double[] moments = new double[5];
    for (int i = 0; i < count; i++) {
      double number = numbers.next();
      for (int power = 1; power <= 4; power++) {
        moments[power] += Math.pow(number, power) / count;
      }
    }
    assertThat(moments[1]).isCloseTo(0, within(0.015));
    assertThat(moments[2]).isCloseTo(1, within(0.02));
    assertThat(moments[3]).isCloseTo(0, within(0.05));
    assertThat(moments[4]).isCloseTo(3, within(0.15));
    assertThat(new NormalNumbers(1, 0).next())
        .isNotEqualTo(new NormalNumbers(1, 1).next())
        .isNotEqualTo(new NormalNumbers(2, 0).next());
  }

  /** Worked out apart from this program, in Python's arithmetic. */
  @Test
  void aSeedMeansTheseNumbersForGood() {
    NormalNumbers numbers = new NormalNumbers(1, 0);
    for (double expected :
        new double[] {
          1.2615944414467817, -0.0658632958665427, 0.20008248152408334, -0.9982039749128316
        }) {
      assertThat(numbers.next()).isCloseTo(expected, within(1e-14));
    }
  }
}
