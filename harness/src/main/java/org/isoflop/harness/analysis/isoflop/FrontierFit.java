package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * One way from loss points to the compute-optimal frontier. The methods stand beside each other
 * behind this interface (Hoffmann et al. 2022, arXiv 2203.15556, section 3, has three), so that the
 * analysis can run, resample and compare them alike.
 */
@FunctionalInterface
public interface FrontierFit {

  /** Returns the power laws N*(C) and D*(C), or why these points do not give them. */
  public Fitted<Frontier> fit(List<LossPoint> points);
}
