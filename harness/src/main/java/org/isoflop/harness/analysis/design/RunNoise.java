package org.isoflop.harness.analysis.design;

import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.percent;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * How far the loss of a run that is still to be trained will lie off its curve, standard deviation
 * as a share of the loss.
 *
 * @param ofRuns as measured, a power of C
 * @param highest budget it was measured at, FLOPs: above that the noise is taken to stay as it is
 *     there, as a power law of few budgets would soon promise none
 * @param ofEvaluation what few validation tokens add, independently
 */
public record RunNoise(PowerLaw ofRuns, double highest, double ofEvaluation) {

  /** Fewer points than this beyond the curves' coefficients say next to nothing. */
  private static final int FEWEST_FREE = 3;

  /** Returns the same noise at every budget. */
  public static RunNoise of(double share) {
    return new RunNoise(new PowerLaw(0, Math.log(share), 0), Double.MAX_VALUE, 0);
  }

  /** Returns what measured points scatter about their curves; empty where too few tell. */
  public static Optional<RunNoise> measured(List<LossPoint> points) {
    double highest = points.stream().mapToDouble(LossPoint::budget).max().orElse(0);
    return RobustFit.noise(points)
        .filter(noise -> noise.freedom() >= FEWEST_FREE)
        .map(noise -> new RunNoise(noise.law(), highest, 0));
  }

  /** Returns this noise with that of an evaluation, as a share of the loss, on top. */
  public RunNoise evaluated(double share) {
    return new RunNoise(ofRuns, highest, Math.hypot(ofEvaluation, share));
  }

  /** Returns the noise at a budget. */
  public double at(double budget) {
    double run = Math.exp(ofRuns.ln(Math.log(Math.min(budget, highest))));
    return Math.hypot(run, ofEvaluation);
  }

  /** Says it of a range of budgets: "1% of the loss". */
  public String words(double lowest, double top) {
    String low = percent(at(lowest));
    String high = percent(at(top));
    return low.equals(high)
        ? low + " of the loss"
        : low + " of the loss at " + flops(lowest) + " FLOPs to " + high + " at " + flops(top);
  }
}
