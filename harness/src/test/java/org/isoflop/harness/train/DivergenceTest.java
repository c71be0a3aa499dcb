package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class DivergenceTest {

  private static final double START = 5.545;

  @Property(tries = 500)
  void healthyRunsAreNeverFlagged(
      @ForAll @IntRange(min = 100, max = 3000) int steps,
      @ForAll @IntRange(max = 2) int shape,
      @ForAll @DoubleRange(min = 0.2, max = 5) double progress,
      @ForAll @DoubleRange(max = 0.3) double noise,
      @ForAll @IntRange(max = 2) int kind,
      @ForAll long seed) {
    float[] losses = healthy(steps, shape, progress, noise, kind, seed);

    assertThat(judge(losses).reason()).isEmpty();
  }

  @Property(tries = 300)
  void aSpikeThatStaysIsAlwaysFoundAndOneThatComesBackIsCounted(
      @ForAll @IntRange(min = 100, max = 3000) int steps,
      @ForAll @IntRange(max = 2) int shape,
      @ForAll @DoubleRange(min = 0.2, max = 5) double progress,
      @ForAll @DoubleRange(max = 0.15) double noise,
      @ForAll @DoubleRange(min = 0.3, max = 0.85) double where,
      @ForAll @DoubleRange(min = 0.3, max = 3) double height,
      @ForAll long seed) {
    float[] losses = healthy(steps, shape, progress, noise, 0, seed);
    float[] spoiled = losses.clone();
    float[] spiked = losses.clone();
    int from = (int) (where * steps);
    for (int step = from; step < steps; step++) {
      // What is learned after a spike that stays is not what it would have been. A rise is one
      // above what the level has shown, which lags behind a stair by half a window.
      float rise =
          (float)
              (8 * noise
                  + height
                  + learned(shape, progress, from, steps)
                  - learned(shape, progress, from - Math.max(9, steps / 50), steps));
      float missed =
          (float) (learned(shape, progress, step, steps) - learned(shape, progress, from, steps));
      spoiled[step] += missed + rise;
      if (step < from + steps / 15) {
        spiked[step] += missed + rise;
      }
    }

    assertThat(judge(spoiled).reason().orElseThrow()).contains("did not come back");
    Divergence returned = judge(spiked);
    assertThat(returned.reason()).isEmpty();
    assertThat(returned.spikes()).isEqualTo(judge(losses).spikes() + 1);
  }

  /**
   * At 8 standard errors one healthy run in a hundred thousand was flagged, this one among them.
   */
  @Test
  void extremesOfBothSidesInAShortRunAreNoDivergence() {
    assertThat(judge(healthy(160, 0, 0.2, 0.01, 0, 8528477)).reason()).isEmpty();
  }

  /** In windows of five steps, of which three were odd, this one was flagged. */
  @Test
  void oddBatchesCloseToOneAnotherAreNoDivergence() {
    assertThat(judge(healthy(105, 0, 0.38, 0.08, 1, -7735528487566849837L)).reason()).isEmpty();
  }

  @Test
  void saysWhereAndHowFar() {
    float[] losses = new float[200];
    for (int step = 0; step < 200; step++) {
      losses[step] = step < 120 ? 5 - 0.02f * step : 4.5f;
    }
    assertThat(judge(losses))
        .isEqualTo(
            new Divergence(
                0,
                Optional.of(
                    "its training loss rose from 2.700 by step 125 and did not come back, 4.500 at"
                        + " the end")));
  }

  @Test
  void oddBatchesAreNoSpikes() {
    float[] losses = healthy(1000, 1, 3, 0.05, 0, 1);
    for (int step = 50; step < 1000; step += 97) {
      losses[step] += 5;
    }
    assertThat(judge(losses)).isEqualTo(new Divergence(0, Optional.empty()));
    assertThat(judge(new float[] {5.5f, 5.2f, 5.1f}))
        .isEqualTo(new Divergence(0, Optional.empty()));
  }

  @Test
  void whatEndsWhereFrequenciesWouldOrAboveItsBeginningHasDiverged() {
    float[] losses = healthy(300, 1, 2, 0.05, 0, 1);
    assertThat(Divergence.judge(losses, 3.6, 3.7).reason()).isEmpty();
    assertThat(Divergence.judge(losses, 3.6, 3.4).reason().orElseThrow())
        .matches("its validation loss of 3\\.600 is above the 3\\.400 that .*");
    assertThat(Divergence.judge(losses, 3.3, 3.4).reason()).as("noise").isEmpty();
    assertThat(Divergence.judge(losses, 3.8, 3.7).reason()).as("another text").isEmpty();
    assertThat(Divergence.judge(losses, 6, 3.7).reason().orElseThrow())
        .matches("its validation loss of 6\\.000 is above the training loss it began with, 5.*");
    float[] flat = healthy(300, 1, 0, 0.02, 0, 1);
    assertThat(Divergence.judge(flat, 5.5, 3.7).reason()).isPresent();
    assertThat(Divergence.judge(new float[] {3}, 2.9, 3.2).reason()).isEmpty();
  }

  private static Divergence judge(float[] losses) {
    return Divergence.judge(losses, 0, Double.POSITIVE_INFINITY);
  }

  /** Noise of three kinds: even, with odd batches, and less as the run goes on. */
  private static float[] healthy(
      int steps, int shape, double progress, double noise, int kind, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] losses = new float[steps];
    for (int step = 0; step < steps; step++) {
      double deviation = random.nextGaussian();
      if (kind == 1) {
        deviation *= random.nextInt(20) == 0 ? 6 : 1;
      } else if (kind == 2) {
        deviation *= 1.5 - (double) step / steps;
      }
      losses[step] = (float) (START - learned(shape, progress, step, steps) + noise * deviation);
    }
    return losses;
  }

  /** A power of the step, an exponential, a staircase. */
  private static double learned(int shape, double progress, int step, int steps) {
    double share = (double) step / steps;
    return switch (shape) {
      case 0 -> progress * (1 - Math.pow(1 + 99 * share, -0.5)) / 0.9;
      case 1 -> progress * (1 - Math.exp(-5 * share));
      default -> progress * Math.floor(4 * share) / 4;
    };
  }
}
