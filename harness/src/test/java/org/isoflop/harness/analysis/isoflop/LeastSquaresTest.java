package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Least squares, against a general matrix library and fits done by hand. */
final class LeastSquaresTest {

  private static final int ROWS = 9;
  private static final int DRAWS = 20_000;

  private final SplittableRandom random = new SplittableRandom(3);

  /** Columns 1, x and x² less nearly all that depends on the first two, and a response. */
  private double[][] columns(double dependence) {
    double[][] columns = new double[4][ROWS];
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextGaussian();
      columns[0][i] = 1;
      columns[1][i] = x;
      columns[2][i] = 1 + 2 * x + dependence * x * x;
      columns[3][i] = 3 + random.nextGaussian();
    }
    return columns;
  }

  private static RealMatrix design(double[][] columns) {
    return MatrixUtils.createRealMatrix(new double[][] {columns[0], columns[1], columns[2]})
        .transpose();
  }

  private static LeastSquares.Solution solve(double[][] columns) {
    double[][] copy = new double[columns.length][];
    for (int j = 0; j < copy.length; j++) {
      copy[j] = columns[j].clone();
    }
    return LeastSquares.solve(copy, ROWS);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1e-3, 1e-5})
  void agreesWithHipparchus(double dependence) {
    double[][] columns = columns(dependence);
    RealMatrix x = design(columns);
    RealVector y = new ArrayRealVector(columns[3]);
    RealVector expected = new QRDecomposition(x).getSolver().solve(y);
    LeastSquares.Solution found = solve(columns);
    for (int j = 0; j < 3; j++) {
      double size = Math.abs(expected.getEntry(j));
      assertThat(found.coefficients()[j])
          .isCloseTo(expected.getEntry(j), within(1e-9 / dependence * size));
    }
    double norm = y.subtract(x.operate(expected)).getNorm();
    assertThat(found.squares()).isCloseTo(norm * norm, within(1e-9));
  }

  @Test
  void itsCovarianceIsTheInverseOfTheNormalMatrix() {
    double[][] columns = columns(1);
    RealMatrix x = design(columns);
    RealMatrix inverse = MatrixUtils.inverse(x.transposeMultiply(x));
    LeastSquares.Solution found = solve(columns);
    RealVector centre = new ArrayRealVector(found.coefficients());
    RealMatrix covariance = MatrixUtils.createRealMatrix(3, 3);
    for (int r = 0; r < DRAWS; r++) {
      RealVector off = new ArrayRealVector(found.draw(0.5, random)).subtract(centre);
      covariance = covariance.add(off.outerProduct(off).scalarMultiply(4.0 / DRAWS));
    }
    assertThat(covariance.subtract(inverse).getNorm1()).isLessThan(0.05 * inverse.getNorm1());
    RealVector row = new ArrayRealVector(new double[] {1, 0.3, -2});
    assertThat(found.leverage(1, 0.3, -2))
        .isCloseTo(row.dotProduct(inverse.operate(row)), within(1e-10));
    RealVector influence = new ArrayRealVector(found.influence(1, 0.3, -2));
    assertThat(influence.subtract(inverse.operate(row)).getNorm()).isLessThan(1e-10);
    double determinant = new LUDecomposition(x.transposeMultiply(x)).getDeterminant();
    assertThat(found.lnDeterminant()).isCloseTo(Math.log(determinant) / 2, within(1e-10));
  }

  @Test
  void fitsAQuadraticDoneByHand() {
    Quadratic found = Quadratic.fit(new double[] {-2, -1, 0, 1, 2}, new double[] {4, 1, 1, 1, 4});
    assertThat(found.c0()).isCloseTo(17.0 / 35, within(1e-12));
    assertThat(found.c1()).isCloseTo(0, within(1e-12));
    assertThat(found.c2()).isCloseTo(6.0 / 7, within(1e-12));
    assertThat(found.at(1)).isCloseTo(17.0 / 35 + 6.0 / 7, within(1e-12));
    assertThat(found.slope(0.5)).isCloseTo(6.0 / 7, within(1e-12));
  }

  @Test
  void passesThroughThreePoints() {
    Quadratic found = Quadratic.fit(new double[] {0, 1, 3}, new double[] {2, 3, 11});
    assertThat(found.at(0)).isCloseTo(2, within(1e-12));
    assertThat(found.at(1)).isCloseTo(3, within(1e-12));
    assertThat(found.at(3)).isCloseTo(11, within(1e-12));
    assertThat(found.c2()).isCloseTo(1, within(1e-12));
  }
}
