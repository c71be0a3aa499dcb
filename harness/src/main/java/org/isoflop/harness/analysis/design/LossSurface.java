package org.isoflop.harness.analysis.design;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * The losses that a design is judged by: a loss surface, and how far runs scatter about it.
 *
 * @param law the surface
 * @param noise of a run's loss
 */
public record LossSurface(Law law, RunNoise noise) {

  /** The re-fit of Besiroglu et al. 2024 (arXiv 2404.10102), Table 1. */
  public static final Law CHINCHILLA = new Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

  private static final double REFERENCE_FLOPS = 1e19;

  /** Losses that lie on their curves to this are no runs, or too few to tell. */
  private static final double LEAST_NOISE = 1e-5;

  /** The sums of exponents that are searched, geometric. */
  private static final double SMALLEST_SUM = 0.2;

  private static final double LARGEST_SUM = 3;
  private static final int SUMS = 60;

  /** Slopes nearer to 0 or 1 than this make one of the law's terms a constant. */
  private static final double LEAST_SHARE = 0.05;

  /**
   * Returns the surface to plan with while nothing is known: Chinchilla's, with its optimum at the
   * centre of the middle budget's cells, and {@link RunNoise#PRIOR}.
   *
   * <p>The law as published has its optimum elsewhere at small budgets, and losses of tens of nats
   * there. So N and D are rescaled: the optimum of the grid's middle budget gets the loss terms
   * that Chinchilla's optimum has at 1e19 FLOPs, inside its own data. Its loss curves are then as
   * bent as those of published sets (half the second derivative of ln L by ln N is 0.021 there;
   * 0.015 to 0.022 in the eight budgets of Llama 3's, arXiv 2407.21783, Figure 2). The unit of the
   * loss does not matter, because the noise is relative.
   *
   * @param cells at least one
   */
  public static LossSurface prior(List<DesignCell> cells) {
    List<Double> budgets = cells.stream().map(DesignCell::budget).distinct().sorted().toList();
    double middle = budgets.get(budgets.size() / 2);
    List<DesignCell> there =
        cells.stream()
            .filter(cell -> cell.budget() == middle)
            .sorted(Comparator.comparingDouble(DesignCell::params))
            .toList();
    DesignCell least = there.get(0);
    DesignCell most = there.get(there.size() - 1);
    double params = Math.sqrt(least.params() * most.params());
    double tokens = Math.sqrt(least.tokens() * most.tokens());
    Law law = CHINCHILLA;
    double ofParams = params / law.optimalParams(REFERENCE_FLOPS);
    double ofTokens = tokens / law.optimalTokens(REFERENCE_FLOPS);
    return new LossSurface(
        new Law(
            law.e(),
            law.a() * Math.pow(ofParams, law.alpha()),
            law.b() * Math.pow(ofTokens, law.beta()),
            law.alpha(),
            law.beta()),
        RunNoise.PRIOR);
  }

  /**
   * Returns what a sweep's own points speak for: the law through its frontier, and how far they
   * scatter about their curves, or {@link RunNoise#PRIOR} where too few tell; or why there is none.
   */
  public static Fitted<LossSurface> measured(List<LossPoint> points) {
    return new RobustFit()
        .fit(points)
        .flatMap(frontier -> through(points, frontier))
        .map(law -> new LossSurface(law, noise(points)));
  }

  private static RunNoise noise(List<LossPoint> points) {
    return RunNoise.measured(points)
        .filter(found -> points.stream().allMatch(p -> found.at(p.budget()) > LEAST_NOISE))
        .orElse(RunNoise.PRIOR);
  }

  /** A law and how badly it fits. */
  private record Tried(Law law, double misfit) {}

  /**
   * Returns the law whose optima lie on a measured frontier: it agrees with the loss curves on
   * where the optimum is, which a law fitted to all points freely need not.
   *
   * <p>The frontier fixes the ratio of the exponents and that of the terms. What is left is how
   * bent the curves are and how high: the sum of the exponents is searched, irreducible loss and
   * scale are linear then. Least absolute residuals relative to the loss decide.
   */
  static Fitted<Law> through(List<LossPoint> points, Frontier frontier) {
    return IntStream.range(0, SUMS)
        .mapToDouble(i -> SMALLEST_SUM * Math.pow(LARGEST_SUM / SMALLEST_SUM, i / (SUMS - 1.0)))
        .mapToObj(sum -> through(points, frontier, sum))
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(Tried::misfit))
        .map(tried -> Fitted.of(tried.law()))
        .orElseGet(
            () ->
                Fitted.refused("The losses do not rise to both sides of the optima on the line."));
  }

  private static Optional<Tried> through(List<LossPoint> points, Frontier frontier, double sum) {
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
