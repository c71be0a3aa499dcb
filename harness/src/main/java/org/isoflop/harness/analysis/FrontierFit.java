package org.isoflop.harness.analysis;

import java.util.List;

/**
 * One way from loss points to the compute-optimal frontier. The methods stand beside each other
 * behind this interface (Hoffmann et al. 2022, arXiv 2203.15556, section 3, has three), so that the
 * analysis can run, resample and compare them alike.
 */
@FunctionalInterface
interface FrontierFit {

  /** Returns the power laws N*(C) and D*(C), or why these points do not give them. */
  Fitted<Frontier> fit(List<LossPoint> points);
}
