package org.isoflop.harness.analysis.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Lines on logarithmic axes, against fits done by hand. */
final class PowerLawTest {

  @Test
  void weightsPoints() {
    PowerLaw law =
        PowerLaw.fit(new double[] {0, 1, 2}, new double[] {0, 1, 4}, new double[] {1, 2, 1});
    assertThat(law.centre()).isEqualTo(1);
    assertThat(law.atCentre()).isEqualTo(1.5);
    assertThat(law.exponent()).isEqualTo(2);
    assertThat(law.ln(3)).isEqualTo(5.5);
  }

  @Test
  void isTheOrdinaryLineWithEqualWeights() {
    // Least squares of y = 1, 3, 2, 5 on x = 1, 2, 3, 4: slope 1.1, mean 2.75.
    PowerLaw law = PowerLaw.fit(new double[] {1, 2, 3, 4}, new double[] {1, 3, 2, 5});
    assertThat(law.exponent()).isCloseTo(1.1, within(1e-12));
    assertThat(law.ln(2.5)).isCloseTo(2.75, within(1e-12));
  }

  @Test
  void keepsItsDigitsFarFromOne() {
    double[] lnFlops = {Math.log(1e24), Math.log(2e24), Math.log(4e24)};
    double[] lnParams = {0.5 * lnFlops[0], 0.5 * lnFlops[1], 0.5 * lnFlops[2]};
    assertThat(PowerLaw.fit(lnFlops, lnParams).exponent()).isCloseTo(0.5, within(1e-13));
  }

  @Test
  void hardlySeesAPointOfNoWeight() {
    double[] x = {0, 1, 2, 3};
    PowerLaw law = PowerLaw.fit(x, new double[] {0, 1, 2, 100}, new double[] {1, 1, 1, 1e-9});
    assertThat(law.exponent()).isCloseTo(1, within(1e-6));
  }
}
