package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.report.Axis.Tick;
import org.junit.jupiter.api.Test;

final class AxisTest {

  @Test
  void ticksOneTwoFive() {
    Axis axis = Axis.log("N", DoubleStream.of(9e3, 1.1e6), 0.04, 10, Quantities::count);

    assertThat(axis.ticks())
        .extracting(Tick::label)
        .containsExactly("10k", "20k", "50k", "100k", "200k", "500k", "1M");
  }

  @Test
  void ticksLessThanADecadeDenser() {
    Axis axis = Axis.log("N", DoubleStream.of(2.5e4, 9.5e4), 0.0, 10, Quantities::count);

    assertThat(axis.ticks()).extracting(Tick::label).contains("30k", "50k", "70k");
    assertThat(axis.ticks()).hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void ticksManyDecadesSparsely() {
    Axis axis = Axis.log("C", DoubleStream.of(1e10, 1e22), 0.0, 7, Quantities::flops);

    assertThat(axis.ticks()).hasSizeLessThanOrEqualTo(7).extracting(Tick::label).contains("1e12");
  }

  @Test
  void hasFewerTicksForAPhone() {
    Axis axis = Axis.log("N", DoubleStream.of(5e3, 5e6), 0.04, 10, Quantities::count);

    assertThat(axis.ticks()).hasSizeBetween(7, 10);
    assertThat(axis.few()).hasSizeBetween(3, 6);
  }

  @Test
  void hasARangeForOneValue() {
    Axis axis = Axis.log("C", DoubleStream.of(1e11), 0.1, 6, Quantities::flops);

    assertThat(axis.low()).isLessThan(11);
    assertThat(axis.high()).isGreaterThan(11);
    assertThat(axis.ticks()).contains(new Tick(11, "1e11"));
  }

  @Test
  void ticksLossesAtRoundNumbers() {
    Axis axis = Axis.linear("loss", DoubleStream.of(2.31, 2.52), 0.0, 8);

    assertThat(axis.ticks())
        .extracting(Tick::label)
        .containsExactly("2.35", "2.40", "2.45", "2.50");
  }

  @Test
  void movesWhatLiesOutsideToTheEnd() {
    Axis axis = Axis.log("N", DoubleStream.of(1e4, 1e6), 0.1, 10, Quantities::count);

    assertThat(axis.share(0)).isZero();
    assertThat(axis.share(Double.POSITIVE_INFINITY)).isOne();
    assertThat(axis.share(1e5)).isCloseTo(0.5, within(1e-9));
    assertThat(axis.holds(1e5)).isTrue();
    assertThat(axis.holds(1e9)).isFalse();
  }
}
