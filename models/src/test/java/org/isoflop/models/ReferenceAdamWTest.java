package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Checks the yardstick itself, by hand and against PyTorch. */
class ReferenceAdamWTest {

  private static final Offset<Double> ROUNDING = within(1e-14);

  /** What torch.optim.AdamW and clip_grad_norm_ of PyTorch 2.13 print in float64. */
  @Test
  void threeStepsAreThoseOfPyTorch() {
    ReferenceAdamW adamW =
        new ReferenceAdamW(new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1), new int[] {3, 2});
    double[][] weights = {{1, -2, 0.5}, {3, -0.25}};

    assertThat(adamW.step(weights, new double[][] {{0.3, -0.4, 0}, {1.2, 0.1}}, 0.1))
        .isCloseTo(1.3038404810405297, ROUNDING);
    assertThat(adamW.step(weights, new double[][] {{-0.1, 0.05, 0.02}, {0.3, -0.2}}, 0.05))
        .isCloseTo(0.378021163428716, ROUNDING);
    assertThat(adamW.step(weights, new double[][] {{2, 1, -1}, {0.5, 4}}, 0.02))
        .isCloseTo(4.716990566028302, ROUNDING);

    close(weights[0], 0.8544638486308674, -1.8397979644471971, 0.4662237107876837);
    close(weights[1], 2.7911276634020386, -0.3329967562129199);
    double[][] m = adamW.firstMoments();
    close(m[0], 0.05203714114637667, 0.0008503065259002369, -0.019399953105746125);
    close(m[1], 0.11214891629241072, 0.07301222406794598);
    double[][] v = adamW.secondMoments();
    close(v[0], 0.01185272715744262, 0.006612992367275241, 0.002266190058429177);
    close(v[1], 0.04306026829422188, 0.03812048170416971);
  }

  /** m̂ / √v̂ is the gradient's sign at the first step: a decay, then a step of the whole rate. */
  @Test
  void firstStepIsByTheSignAlone() {
    ReferenceAdamW adamW =
        new ReferenceAdamW(new OptimizerSettings(0.9, 0.99, 1e-12, 0.5, 1e9), new int[] {2});
    double[][] weights = {{4, 4}};
    adamW.step(weights, new double[][] {{0.001, -300}}, 0.01);

    assertThat(weights[0])
        .containsExactly(
            new double[] {4 * (1 - 0.01 * 0.5) - 0.01, 4 * (1 - 0.01 * 0.5) + 0.01}, within(1e-8));
  }

  @Test
  void clippingScalesDownOnlyWhatIsAboveTheNorm() {
    double[][] gradients = {{3, 0}, {-4}};
    ReferenceAdamW clipped = after(gradients, 2.5);
    ReferenceAdamW whole = after(gradients, 5.5);

    close(whole.firstMoments()[0], 0.3, 0);
    close(whole.firstMoments()[1], -0.4);
    assertThat(clipped.firstMoments()[0][0]).isCloseTo(0.15, within(1e-7));
    assertThat(clipped.firstMoments()[1][0]).isCloseTo(-0.2, within(1e-7));
    assertThat(gradients).isDeepEqualTo(new double[][] {{3, 0}, {-4}});
  }

  private static ReferenceAdamW after(double[][] gradients, double clipNorm) {
    ReferenceAdamW adamW =
        new ReferenceAdamW(new OptimizerSettings(0.9, 0.95, 1e-8, 0, clipNorm), new int[] {2, 1});
    double norm = adamW.step(new double[][] {{1, 1}, {1}}, gradients, 0.1);
    assertThat(norm).isEqualTo(5);
    return adamW;
  }

  private static void close(double[] actual, double... expected) {
    assertThat(actual).containsExactly(expected, ROUNDING);
  }
}
