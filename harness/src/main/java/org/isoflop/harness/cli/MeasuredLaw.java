package org.isoflop.harness.cli;

import java.util.List;
import org.isoflop.harness.analysis.design.FrontierLaw;
import org.isoflop.harness.analysis.design.RunNoise;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * The loss surface that a sweep's own points speak for, and how far they scatter about their
 * curves: what further cells are chosen by.
 *
 * @param law the surface
 * @param noise of a run's loss
 */
record MeasuredLaw(Law law, RunNoise noise) {

  /** Losses that lie on their curves to this are no runs, or too few to tell. */
  private static final double LEAST_NOISE = 1e-5;

  /** Returns the law of these points, or why they have none. */
  static Fitted<MeasuredLaw> of(List<LossPoint> points) {
    return new RobustFit()
        .fit(points)
        .flatMap(frontier -> FrontierLaw.through(points, frontier))
        .map(law -> new MeasuredLaw(law, noise(points)));
  }

  private static RunNoise noise(List<LossPoint> points) {
    return RunNoise.measured(points)
        .filter(found -> points.stream().allMatch(p -> found.at(p.budget()) > LEAST_NOISE))
        .orElse(RunNoise.PRIOR);
  }
}
