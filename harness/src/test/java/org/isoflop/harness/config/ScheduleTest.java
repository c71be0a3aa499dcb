package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ScheduleTest {

  @Test
  void cosineByItsFormula() {
    Schedule.Fitted cosine = new Cosine.Fitted(0.01, 10, 109, 0.1);

    assertThat(cosine.learningRate(0)).isEqualTo(0.001);
    assertThat(cosine.learningRate(4)).isEqualTo(0.005);
    assertThat(cosine.learningRate(9)).isEqualTo(0.01);
    assertThat(cosine.learningRate(59)).isCloseTo(0.0055, within(1e-15)); // half way down
    assertThat(cosine.learningRate(34)).isCloseTo(0.001 + 0.009 * 0.8535533906, within(1e-12));
    assertThat(cosine.learningRate(108)) // one before the end of the cosine
        .isCloseTo(0.001 + 0.009 * (1 + Math.cos(0.99 * Math.PI)) / 2, within(1e-15));
  }

  @Test
  void cosineToZeroSpendsNoStepThere() {
    Schedule.Fitted cosine = new Cosine.Fitted(0.01, 10, 109, 0);

    assertThat(cosine.learningRate(108)).isBetween(2e-6, 3e-6);
  }

  @Test
  void wsdByItsFormula() {
    Schedule.Fitted wsd = new Wsd.Fitted(0.01, 10, 200, 40);

    assertThat(wsd.learningRate(0)).isEqualTo(0.001);
    assertThat(wsd.learningRate(9)).isEqualTo(0.01);
    assertThat(wsd.learningRate(100)).isEqualTo(0.01);
    assertThat(wsd.learningRate(160)).isEqualTo(0.01);
    assertThat(wsd.learningRate(170)).isCloseTo(0.005, within(1e-15)); // 1 - sqrt(1/4)
    assertThat(wsd.learningRate(199)).isCloseTo(0.01 * (1 - Math.sqrt(39 / 40.0)), within(1e-15));
  }

  @Test
  void aTrunkIsWsdUpToTheBranchPointAndHasNoEnd() {
    Wsd.Fitted wsd = new Wsd.Fitted(0.01, 10, 200, 40);
    Schedule.Fitted trunk = new Schedule.Trunk(0.01, 10);

    assertThat((200 - wsd.cooldownSteps())).isEqualTo(160);
    for (long step = 0; step < (200 - wsd.cooldownSteps()); step++) {
      assertThat(trunk.learningRate(step)).isEqualTo(wsd.learningRate(step));
    }
    assertThat(trunk.learningRate(Long.MAX_VALUE)).isEqualTo(0.01);
    assertThat(trunk.end()).isEmpty();
    assertThat(wsd.end()).hasValue(200);
  }

  @Test
  void refusesWhatIsNoSchedule() {
    assertThatThrownBy(() -> new Cosine.Fitted(0, 1, 10, 0.1)).hasMessageContaining("peak");
    assertThatThrownBy(() -> new Cosine.Fitted(1, 10, 10, 0.1)).hasMessageContaining("warm-up");
    assertThatThrownBy(() -> new Cosine.Fitted(1, 1, 10, 1)).hasMessageContaining("final");
    assertThatThrownBy(() -> new Schedule.Trunk(1, 0)).hasMessageContaining("warm-up");
    assertThatThrownBy(() -> new Wsd.Fitted(1, 6, 10, 5)).hasMessageContaining("10 in all");
    assertThatThrownBy(() -> new Wsd.Fitted(1, 0, 10, 5)).hasMessageContaining("warm-up");
    assertThatThrownBy(() -> new Wsd.Fitted(1, 1, 10, 2).learningRate(10))
        .hasMessageContaining("[0, 10)");
  }

  @Property(tries = 200)
  void risesThenFallsAndIsNeverAboveItsPeak(
      @ForAll boolean cosine,
      @ForAll @IntRange(min = 2, max = 500) int steps,
      @ForAll @DoubleRange(max = 1) double share,
      @ForAll @DoubleRange(max = 0.9) double last) {
    long warmup = 1 + (long) (share * (steps - 2));
    Schedule.Fitted schedule =
        cosine
            ? new Cosine.Fitted(0.3, warmup, steps, last)
            : new Wsd.Fitted(0.3, warmup, steps, 1 + (long) (last * (steps - warmup - 1)));

    for (long step = 1; step < steps; step++) {
      double change = schedule.learningRate(step) - schedule.learningRate(step - 1);
      if (step < warmup) {
        assertThat(change).isPositive();
      } else {
        assertThat(change).isLessThanOrEqualTo(1e-15);
      }
    }
    assertThat(schedule.learningRate(warmup - 1)).isEqualTo(0.3);
    double end = schedule.learningRate(steps - 1);
    assertThat(end).isPositive();
    if (cosine) {
      long steep = steps + 1 - warmup;
      assertThat(end).isBetween(0.3 * last, 0.3 * (last + 2.5 / steep / steep) + 1e-15);
    }
  }
}
