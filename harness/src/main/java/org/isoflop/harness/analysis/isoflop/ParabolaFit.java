package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The IsoFLOP method as published: a raw parabola at every budget, then an unweighted line through
 * the optima (Hoffmann et al. 2022, arXiv 2203.15556, section 3.2, "approach 2"). What the field
 * reports, and biased where curves are asymmetric, the sizes are off centre or far apart, or a run
 * went wrong.
 */
public final class ParabolaFit implements FrontierFit {

  private static final double FLAT = 1e-9;

  /**
   * One budget's parabola.
   *
   * @param points of the budget
   * @param fit loss in x, nats per token; opens upward
   * @param optimum its vertex, inside the sizes
   */
  record Parabola(BudgetPoints points, Quadratic fit, LnOptimum optimum) {

    /** Fits, and accepts a parabola that opens upward with its vertex inside the sizes. */
    static Fitted<Parabola> of(BudgetPoints points) {
      Quadratic fit = Quadratic.fit(points.xs(), points.losses());
      double span = points.highest() - points.lowest();
      if (!(fit.c2() * span * span > FLAT * Math.abs(fit.c0()))) {
        return Fitted.refused(points.noBottom());
      }
      double vertex = -fit.c1() / (2 * fit.c2());
      return points.inside(vertex)
          ? Fitted.of(new Parabola(points, fit, LnOptimum.at(points, vertex, fit.at(vertex))))
          : Fitted.refused(points.outside(vertex));
    }

    /** Draws the vertex again, where it is one and lies inside the sizes. */
    private Optional<LnOptimum> draw(double noise, SplittableRandom random) {
      double[] c = fit.solution().draw(noise * optimum.loss(), random);
      double vertex = -c[1] / (2 * c[2]);
      return c[2] > 0 && points.inside(vertex)
          ? Optional.of(LnOptimum.at(points, vertex, c[0] + c[1] * vertex / 2))
          : Optional.empty();
    }
  }

  @Override
  public Fitted<Frontier> fit(List<LossPoint> points) {
    List<LnOptimum> optima = lnOptima(points);
    return Fitted.unless(
        FrontierFit.refusal(points, optima.size()), () -> Frontier.through(optima));
  }

  /** Returns the parabolas, lowest budget first, of the budgets that have an optimum. */
  private static List<Parabola> parabolas(List<LossPoint> points) {
    return BudgetPoints.all(points).stream()
        .flatMap(budget -> Parabola.of(budget).value().stream())
        .toList();
  }

  /** Returns the optima, lowest budget first. */
  public static List<LnOptimum> lnOptima(List<LossPoint> points) {
    return parabolas(points).stream().map(Parabola::optimum).toList();
  }

  /**
   * Returns draws of the noise about the parabolas: coefficients with their least-squares
   * covariance, one relative noise for all budgets, of Student-t width. What the parabola's own
   * bias adds is not in them.
   */
  @Override
  public List<Frontier> draws(List<LossPoint> points, Resampling settings) {
    List<Parabola> parabolas = parabolas(points);
    double squares = 0;
    int freedom = 0;
    for (Parabola found : parabolas) {
      squares += found.fit().solution().squares() / Math.pow(found.optimum().loss(), 2);
      freedom += found.points().size() - 3;
    }
    double all = squares;
    int free = freedom;
    return settings
        .draws(
            random -> {
              double noise = Math.sqrt(all / BudgetNoise.chiSquare(random, free));
              return parabolas.stream().flatMap(of -> of.draw(noise, random).stream()).toList();
            })
        .filter(optima -> optima.size() >= FEWEST_BUDGETS)
        .map(Frontier::through)
        .toList();
  }
}
