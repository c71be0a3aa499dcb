package org.isoflop.harness.analysis;

import java.util.Arrays;

/**
 * A straight line on logarithmic axes: ln y = atCentre + exponent · (ln x − centre). Kept about the
 * centre of the data, because the intercept at x = 1 of a line over budgets near 1e20 loses digits.
 *
 * @param centre mean ln x of the data
 * @param atCentre ln y there
 * @param exponent d ln y / d ln x
 */
record PowerLaw(double centre, double atCentre, double exponent) {

  /**
   * Fits by least squares.
   *
   * @param lnX at least two different values
   * @param lnY as many
   */
  static PowerLaw fit(double[] lnX, double[] lnY) {
    double centre = Arrays.stream(lnX).average().orElseThrow();
    double mean = Arrays.stream(lnY).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < lnX.length; i++) {
      double distance = lnX[i] - centre;
      covariance += distance * (lnY[i] - mean);
      variance += distance * distance;
    }
    return new PowerLaw(centre, mean, covariance / variance);
  }

  /** Returns ln y at ln x. */
  double ln(double lnX) {
    return atCentre + exponent * (lnX - centre);
  }
}
