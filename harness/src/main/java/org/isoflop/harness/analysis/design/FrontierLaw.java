package org.isoflop.harness.analysis.design;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * A law whose optima lie on a measured frontier: a surface to draw sweeps from that agrees with the
 * loss curves on where the optimum is, which a law fitted to all points freely need not.
 *
 * <p>The frontier fixes the ratio of the exponents and that of the terms. What is left is how bent
 * the curves are and how high: the sum of the exponents is searched, irreducible loss and scale are
 * linear then. Least absolute residuals relative to the loss decide.
 */
public final class FrontierLaw {

  private static final double SMALLEST_SUM = 0.2;
  private static final double LARGEST_SUM = 3;
  private static final int SUMS = 60;

  /** Slopes nearer to 0 or 1 than this make one of the law's terms a constant. */
  private static final double LEAST_SHARE = 0.05;

  private FrontierLaw() {}

  /** A law and how badly it fits. */
  private record Tried(Law law, double misfit) {}

  /** Returns the law, or why these points have none with that frontier. */
  public static Fitted<Law> through(List<LossPoint> points, Frontier frontier) {
    Optional<Tried> best =
        IntStream.range(0, SUMS)
            .mapToDouble(i -> SMALLEST_SUM * Math.pow(LARGEST_SUM / SMALLEST_SUM, i / (SUMS - 1.0)))
            .mapToObj(sum -> fit(points, frontier, sum))
            .flatMap(Optional::stream)
            .min((one, other) -> Double.compare(one.misfit(), other.misfit()));
    return best.map(tried -> Fitted.of(tried.law()))
        .orElseGet(
            () ->
                Fitted.refused("The losses do not rise to both sides of the optima on the line."));
  }

  private static Optional<Tried> fit(List<LossPoint> points, Frontier frontier, double sum) {
    double ofParams = frontier.params().exponent();
    double share = ofParams / (ofParams + frontier.tokens().exponent());
    share = Math.min(Math.max(share, LEAST_SHARE), 1 - LEAST_SHARE);
    double alpha = (1 - share) * sum;
    double beta = share * sum;
    double lnParams = frontier.params().atCentre();
    double lnTokens = frontier.tokens().atCentre();
    // Weighted by 1/L: residuals are relative. Sums of 1/L², g/L², g²/L², 1/L, g/L.
    double[] sums = new double[5];
    double[] shape = new double[points.size()];
    for (int i = 0; i < shape.length; i++) {
      LossPoint point = points.get(i);
      shape[i] =
          Math.exp(-alpha * (Math.log(point.params()) - lnParams)) / alpha
              + Math.exp(-beta * (Math.log(point.tokens()) - lnTokens)) / beta;
      double weight = 1 / point.loss();
      sums[0] += weight * weight;
      sums[1] += weight * weight * shape[i];
      sums[2] += weight * weight * shape[i] * shape[i];
      sums[3] += weight;
      sums[4] += weight * shape[i];
    }
    double determinant = sums[0] * sums[2] - sums[1] * sums[1];
    double slope = (sums[0] * sums[4] - sums[1] * sums[3]) / determinant;
    double constant = (sums[3] - slope * sums[1]) / sums[0];
    if (constant < 0) {
      constant = 0;
      slope = sums[4] / sums[2];
    }
    if (!(slope > 0)) {
      return Optional.empty();
    }
    double misfit = 0;
    for (int i = 0; i < shape.length; i++) {
      misfit += Math.abs(1 - (constant + slope * shape[i]) / points.get(i).loss());
    }
    Law law =
        new Law(
            constant,
            slope / alpha * Math.exp(alpha * lnParams),
            slope / beta * Math.exp(beta * lnTokens),
            alpha,
            beta);
    return Optional.of(new Tried(law, misfit));
  }
}
