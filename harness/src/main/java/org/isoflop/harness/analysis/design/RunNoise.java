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
 * @param ofSeeds what of it the seed does, a power of C, as far as that is not more; the rest all
 *     runs of a cell have in common
 * @param highest budget it was measured at, FLOPs: above that the noise is taken to stay as it is
 *     there, as a power law of few budgets would soon promise none
 * @param ofEvaluation what few validation tokens add, independently, to all runs of a cell alike
 */
public record RunNoise(PowerLaw ofRuns, PowerLaw ofSeeds, double highest, double ofEvaluation) {

  /**
   * Noise where no earlier sweep tells, everywhere. On {@link LossSurface#prior} it gives the
   * optimum of a budget with 7 sizes over a factor 16 a standard deviation of 0.07 to 0.13 in ln N*
   * over two decades about the middle, as the scatter of 0.11 about a line in a large public set of
   * IsoFLOP curves. Single runs vary by less (0.2% about the curves of Llama 3's Figure 2), but
   * optima scatter for other reasons too, which a forecast from single runs would leave out.
   */
  static final double USUAL = 0.01;

  /**
   * Noise where no earlier sweep tells: {@link #USUAL}, all of it the seeds' up to 1e12 FLOPs, as
   * this project's own repeats have it from 1e10 on (docs/recipe.md), and less of it above: 0.2% at
   * 1e20, what single runs scatter about the curves of Llama 3's Figure 2.
   */
  public static final RunNoise PRIOR =
      new RunNoise(
          constant(USUAL),
          new PowerLaw(Math.log(1e12), Math.log(USUAL), Math.log(0.2) / Math.log(1e8)),
          1e22,
          0);

  /** Fewer points than this beyond the curves' coefficients say next to nothing. */
  private static final int FEWEST_FREE = 3;

  /** Returns the same noise at every budget, all of it the seeds'. */
  public static RunNoise of(double share) {
    return new RunNoise(constant(share), constant(share), Double.MAX_VALUE, 0);
  }

  private static PowerLaw constant(double share) {
    return new PowerLaw(0, Math.log(share), 0);
  }

  /**
   * Returns what measured points scatter about their curves; empty where too few tell. Without
   * repeats all of it passes for the seeds'.
   */
  public static Optional<RunNoise> measured(List<LossPoint> points) {
    double highest = points.stream().mapToDouble(LossPoint::budget).max().orElse(0);
    return new RobustFit()
        .noise(points)
        .filter(noise -> noise.freedom() >= FEWEST_FREE)
        .map(
            noise -> {
              PowerLaw all = noise.law();
              double own = all.atCentre() + Math.log(1 - noise.cellShare()) / 2;
              return new RunNoise(all, new PowerLaw(all.centre(), own, all.exponent()), highest, 0);
            });
  }

  /** Returns this noise with that of an evaluation, as a share of the loss, on top. */
  public RunNoise evaluated(double share) {
    return new RunNoise(ofRuns, ofSeeds, highest, Math.hypot(ofEvaluation, share));
  }

  /** Returns the noise at a budget. */
  public double at(double budget) {
    return Math.hypot(run(ofRuns, budget), ofEvaluation);
  }

  /** Returns what of it the seed does. */
  double ofSeed(double budget) {
    return Math.min(run(ofRuns, budget), run(ofSeeds, budget));
  }

  /** Returns what of it all runs of a cell have in common, which no further seed averages out. */
  double ofCell(double budget) {
    double rest = Math.pow(run(ofRuns, budget), 2) - Math.pow(ofSeed(budget), 2);
    return Math.hypot(Math.sqrt(Math.max(0, rest)), ofEvaluation);
  }

  private double run(PowerLaw law, double budget) {
    return Math.exp(law.ln(Math.log(Math.min(budget, highest))));
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
