package org.isoflop.harness.analysis.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class DrawsTest {

  private static double[] normal(double mean, double deviation, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return DoubleStream.generate(() -> mean + deviation * random.nextGaussian())
        .limit(count)
        .toArray();
  }

  /** Two sweeps of one layout have one stream of random numbers, which must not cancel. */
  @Test
  void equalDrawsMeetAsIfTheyWereIndependent() {
    Draws one = new Draws(0.5, normal(0.5, 0.03, 4000, 7));
    Draws other = new Draws(0.6, normal(0.6, 0.04, 4000, 7));
    Estimate difference = other.with(one, (a, b) -> a - b).estimate();
    assertThat(difference.value()).isCloseTo(0.1, within(1e-12));
    // √(.03² + .04²) = .05
    assertThat(difference.interval().low()).isCloseTo(0.1 - 1.96 * 0.05, within(0.006));
    assertThat(difference.interval().high()).isCloseTo(0.1 + 1.96 * 0.05, within(0.006));
  }

  @Test
  void drawsThatAreNoNumbersLeaveBothSidesOpen() {
    double[] drawn = normal(1, 0.1, 1000, 3);
    for (int r = 0; r < 100; r++) {
      drawn[10 * r + r % 2] = Double.NaN;
    }
    assertThat(new Draws(1, drawn).estimate().interval())
        .isEqualTo(new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
  }
}
