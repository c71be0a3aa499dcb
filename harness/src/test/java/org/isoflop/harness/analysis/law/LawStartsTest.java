package org.isoflop.harness.analysis.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Non-negative least squares, against the conditions that hold at its solution only. */
final class LawStartsTest {

  @Test
  void satisfiesTheConditionsOfNonNegativeLeastSquares() {
    SplittableRandom random = new SplittableRandom(5);
    int bound = 0;
    for (int trial = 0; trial < 500; trial++) {
      double[][] columns = new double[3][8];
      double[] y = new double[8];
      for (int i = 0; i < 8; i++) {
        for (double[] column : columns) {
          column[i] = random.nextDouble();
        }
        y[i] = random.nextDouble(-0.5, 1);
      }
      double[] gram = new double[6];
      double[] right = new double[3];
      for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 3; j++) {
          right[j] += columns[j][i] * y[i];
          for (int k = 0; k <= j; k++) {
            gram[Cholesky.at(j, k)] += columns[j][i] * columns[k][i];
          }
        }
      }
      double[] c = LawStarts.nonNegative(gram, right);
      for (int j = 0; j < 3; j++) {
        double downhill = right[j];
        for (int k = 0; k < 3; k++) {
          downhill -= gram[Cholesky.at(Math.max(j, k), Math.min(j, k))] * c[k];
        }
        assertThat(c[j]).isNotNegative();
        if (c[j] > 0) {
          assertThat(downhill).isCloseTo(0, within(1e-9));
        } else {
          assertThat(downhill).isLessThan(1e-9);
          bound++;
        }
      }
    }
    assertThat(bound).isBetween(200, 1300);
  }
}
