package org.isoflop.harness.analysis.law;

import java.util.Optional;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * The law of one window of compute.
 *
 * @param from the window's lowest budget, FLOPs
 * @param to its highest
 * @param points how many points it holds
 * @param sample the law and its resamples, or why there is none
 */
public record WindowLaw(double from, double to, int points, Fitted<LawSample> sample) {

  /** Returns the exponent a of N* ∝ C^a in this window, where there is a law. */
  public Optional<Estimate> paramsExponent() {
    return sample.value().map(s -> s.estimate(Law::paramsExponent));
  }

  /** Returns the exponent b of D* ∝ C^b in this window, where there is a law. */
  public Optional<Estimate> tokensExponent() {
    return sample.value().map(s -> s.estimate(Law::tokensExponent));
  }
}
