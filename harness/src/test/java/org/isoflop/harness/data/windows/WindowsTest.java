package org.isoflop.harness.data.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;

final class WindowsTest {

  @Test
  void aWindowNeedsItsLastTarget() {
    assertThat(Windows.count(0, 4)).isZero();
    assertThat(Windows.count(4, 4)).isZero();
    assertThat(Windows.count(5, 4)).isEqualTo(1);
    assertThat(Windows.count(8, 4)).isEqualTo(1);
    assertThat(Windows.count(9, 4)).isEqualTo(2);
    assertThatThrownBy(() -> Windows.count(9, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void evaluatesTheFirstWindowsThatFit() {
    assertThat(Windows.evaluated(101, 10, 39)).isEqualTo(3);
    assertThat(Windows.evaluated(101, 10, 40)).isEqualTo(4);
    assertThat(Windows.evaluated(31, 10, Long.MAX_VALUE)).isEqualTo(3);
    assertThat(Windows.evaluated(1L << 40, 10, 1L << 39)).isEqualTo((1L << 39) / 10);
  }

  @Test
  void refusesWhatIsShorterThanAWindow() {
    assertThatThrownBy(() -> Windows.evaluated(10, 10, 100))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the validation split has 10 tokens");
    assertThatThrownBy(() -> Windows.evaluated(100, 10, 9))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("at least 10 would do");
  }
}
