package org.isoflop.harness.analysis.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.isoflop.harness.analysis.envelope.TrainingRun.Sample;
import org.junit.jupiter.api.Test;

final class SmoothCurveTest {

  private static final double PARAMS = 1e5;
  private static final double FLOPS_PER_TOKEN = 6e5;

  @Test
  void cutsTwoTokensAParameterOrATenthOfTheRun() {
    assertThat(curve(1e7, 1000, t -> 3).first()).isCloseTo(lnFlops(2e5), within(1e-9));
    assertThat(curve(1e6, 1000, t -> 3).first()).isCloseTo(lnFlops(1e5), within(1e-9));
  }

  @Test
  void aStraightLineInLnTokensStaysOneUpToTheEnd() {
    SmoothCurve curve = curve(1e7, 1000, t -> 8 - 0.3 * Math.log(t));

    for (double tokens : new double[] {3e5, 1e6, 5e6, 1e7}) {
      assertThat(curve.at(lnFlops(tokens))).isCloseTo(8 - 0.3 * Math.log(tokens), within(2e-5));
    }
  }

  @Test
  void takesMostOfTheNoiseAway() {
    SplittableRandom random = new SplittableRandom(1);
    SmoothCurve curve = curve(1e7, 10_000, t -> 3 + 0.1 * random.nextGaussian());

    for (double tokens : new double[] {1e6, 3e6, 5e6, 9e6}) {
      assertThat(curve.at(lnFlops(tokens))).isCloseTo(3, within(0.015));
    }
  }

  @Test
  void hasNoLossBeforeAfterOrInAHole() {
    List<Sample> samples = new ArrayList<>();
    for (double tokens = 1e6; tokens <= 2e6; tokens += 1e5) {
      samples.add(new Sample(tokens, 3));
      samples.add(new Sample(tokens + 4e6, 3));
    }
    samples.sort(Comparator.comparingDouble(Sample::tokens));
    SmoothCurve curve = SmoothCurve.of(run(samples)).orElseThrow();

    assertThat(curve.at(lnFlops(9e5))).isNaN();
    assertThat(curve.at(lnFlops(1.5e6))).isCloseTo(3, within(1e-12));
    assertThat(curve.at(lnFlops(3e6))).isNaN();
    assertThat(curve.at(lnFlops(5.55e6))).isCloseTo(3, within(1e-12));
    assertThat(curve.at(lnFlops(6.1e6))).isNaN();
  }

  @Test
  void isNoneOfTooFewSamples() {
    assertThat(SmoothCurve.of(run(List.of()))).isEmpty();
    assertThat(SmoothCurve.of(run(logged(1e6, 4, t -> 3)))).isEmpty();
    assertThat(SmoothCurve.of(run(logged(1e6, 5, t -> 3)))).isPresent();
  }

  private static double lnFlops(double tokens) {
    return Math.log(FLOPS_PER_TOKEN * tokens);
  }

  private static SmoothCurve curve(double tokens, int steps, DoubleUnaryOperator loss) {
    return SmoothCurve.of(run(logged(tokens, steps, loss))).orElseThrow();
  }

  private static TrainingRun run(List<Sample> samples) {
    return new TrainingRun("run", PARAMS, FLOPS_PER_TOKEN, samples);
  }

  private static List<Sample> logged(double tokens, int steps, DoubleUnaryOperator loss) {
    List<Sample> samples = new ArrayList<>();
    for (int step = 1; step <= steps; step++) {
      double at = tokens * step / steps;
      samples.add(new Sample(at, loss.applyAsDouble(at)));
    }
    return samples;
  }
}
