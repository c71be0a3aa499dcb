package org.isoflop.harness.analysis.stats;

import java.util.Arrays;

/**
 * A straight line on logarithmic axes: ln y = atCentre + exponent · (ln x − centre). Kept about the
 * centre of the data, because the intercept at x = 1 of a line over budgets near 1e20 loses digits.
 *
 * @param centre mean ln x of the data
 * @param atCentre ln y there
 * @param exponent d ln y / d ln x
 */
public record PowerLaw(double centre, double atCentre, double exponent) {

  /**
   * Fits by least squares.
   *
   * @param lnX at least two different values
   * @param lnY as many
   */
  public static PowerLaw fit(double[] lnX, double[] lnY) {
    double[] equal = new double[lnX.length];
    Arrays.fill(equal, 1);
    return fit(lnX, lnY, equal);
  }

  /**
   * Fits by weighted least squares.
   *
   * @param lnX at least two different values
   * @param lnY as many
   * @param weights as many, positive
   */
  public static PowerLaw fit(double[] lnX, double[] lnY, double[] weights) {
    double sum = 0;
    double centre = 0;
    double mean = 0;
    for (int i = 0; i < lnX.length; i++) {
      sum += weights[i];
      centre += weights[i] * lnX[i];
      mean += weights[i] * lnY[i];
    }
    centre /= sum;
    mean /= sum;
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < lnX.length; i++) {
      double distance = lnX[i] - centre;
      covariance += weights[i] * distance * (lnY[i] - mean);
      variance += weights[i] * distance * distance;
    }
    return new PowerLaw(centre, mean, covariance / variance);
  }

  /** Returns ln y at ln x. */
  public double ln(double lnX) {
    return atCentre + exponent * (lnX - centre);
  }
}
