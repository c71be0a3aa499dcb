package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The noise as a power of compute, against what the residuals were drawn with. */
final class BudgetNoiseTest {

  private static final int SEEDS = 300;
  private static final double LOWEST = Math.log(1e18);

  private static BudgetNoise drawn(double g, int budgets, int each, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] lnFlops =
        IntStream.range(0, budgets).mapToDouble(k -> LOWEST + k * Math.log(10) / 2).toArray();
    int[] freedom = IntStream.range(0, budgets).map(k -> each).toArray();
    double[] squares = new double[budgets];
    for (int k = 0; k < budgets; k++) {
      double noise = 0.01 * Math.exp(-g * (lnFlops[k] - LOWEST));
      squares[k] = noise * noise * BudgetNoise.chiSquare(random, each);
    }
    return new BudgetNoise(squares, freedom, lnFlops);
  }

  private static double spread(BudgetNoise noise) {
    return (noise.exponent().interval().high() - noise.exponent().value()) / 1.96;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.2, 0, 0.35})
  void manyPointsShowTheExponentAndTheNoise(double g) {
    BudgetNoise found = drawn(g, 7, 400, 1);
    assertThat(found.law().exponent()).isCloseTo(-g, within(4 * spread(found)));
    assertThat(spread(found)).isLessThan(0.01);
    assertThat(Math.exp(found.law().ln(LOWEST))).isCloseTo(0.01, within(5e-4));
    assertThat(found.scale(0) / found.scale(6))
        .isCloseTo(Math.exp(-found.law().exponent() * 3 * Math.log(10)), within(1e-9));
  }

  @Test
  void ofFewPointsTheExponentIsNearNothing() {
    double mean = 0;
    double squares = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      double g = drawn(0, 4, 3, seed).law().exponent();
      mean += g / SEEDS;
      squares += g * g / SEEDS;
    }
    assertThat(mean).isCloseTo(0, within(0.02));
    // Without the prior it would be 0.22.
    assertThat(Math.sqrt(squares)).isLessThan(0.18);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.35})
  void theDrawnNoiseOfTheLowestBudgetHoldsTheTruth(double g) {
    int held = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      BudgetNoise found = drawn(g, 4, 4, 1000 + seed);
      double[] lowest =
          IntStream.range(0, 400).mapToDouble(r -> found.draw(random)[0]).sorted().toArray();
      held += lowest[10] < 0.01 && 0.01 < lowest[389] ? 1 : 0;
    }
    assertThat(100.0 * held / SEEDS).isBetween(91.0, 98.5);
  }

  @Test
  void oneBudgetHasNoExponent() {
    BudgetNoise found = new BudgetNoise(new double[] {4e-4}, new int[] {4}, new double[] {40});
    assertThat(found.law().exponent()).isZero();
    assertThat(Math.exp(found.law().ln(40))).isCloseTo(0.01, within(1e-12));
    assertThat(spread(found)).isCloseTo(BudgetNoise.SPREAD, within(1e-9));
  }

  @Test
  void theEvidenceIsTheIntegralOverTheExponent() {
    // Against a plain sum over g of the density that the Javadoc gives.
    double[][] cases = {{4e-4, 3e-4, 1e-4}, {1e-4, 2e-4, 6e-4}};
    double[] ratio = new double[2];
    for (int i = 0; i < 2; i++) {
      double[] squares = cases[i];
      BudgetNoise found = new BudgetNoise(squares, new int[] {4, 4, 4}, new double[] {40, 42, 44});
      double sum =
          IntStream.rangeClosed(-4000, 4000)
              .mapToDouble(j -> j / 2000.0)
              .map(
                  g -> {
                    double all = 0;
                    for (int k = 0; k < 3; k++) {
                      all += squares[k] * Math.exp(2 * g * 2 * (k - 1));
                    }
                    return Math.pow(all, -6) * Math.exp(-g * g / 2 / 0.16);
                  })
              .sum();
      ratio[i] = found.lnEvidence() - Math.log(sum);
    }
    assertThat(Arrays.stream(ratio).max().orElseThrow() - Arrays.stream(ratio).min().orElseThrow())
        .isLessThan(0.02);
  }
}
