package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.isoflop.harness.analysis.points.BudgetGroup;
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

  /** Two optima always lie on a line, and say nothing about how far to trust it. */
  public static final int FEWEST_BUDGETS = 3;

  private static final double FLAT = 1e-9;

  /**
   * One budget's parabola, minimum + curvature·(x − vertex)².
   *
   * @param points of the budget
   * @param vertex x of the bottom
   * @param minimum loss at the bottom, nats per token
   * @param curvature half the second derivative, nats per token; positive
   * @param solution of the least squares, in 1, x and x²
   */
  record Parabola(
      BudgetPoints points,
      double vertex,
      double minimum,
      double curvature,
      LeastSquares.Solution solution) {

    /** Fits, and accepts a parabola that opens upward with its vertex inside the sizes. */
    static Fitted<Parabola> of(BudgetPoints points) {
      Quadratic fit =
          Quadratic.fit(
              IntStream.range(0, points.size()).mapToDouble(points::x).toArray(),
              IntStream.range(0, points.size()).mapToDouble(points::loss).toArray());
      double span = points.highest() - points.lowest();
      if (!(fit.c2() * span * span > FLAT * Math.abs(fit.c0()))) {
        return Fitted.refused(points.noBottom());
      }
      double vertex = -fit.c1() / (2 * fit.c2());
      return points.inside(vertex)
          ? Fitted.of(
              new Parabola(
                  points, vertex, fit.c0() - fit.c2() * vertex * vertex, fit.c2(), fit.solution()))
          : Fitted.refused(points.outside(vertex));
    }
  }

  @Override
  public Fitted<Frontier> fit(List<LossPoint> points) {
    List<Parabola> parabolas = parabolas(points);
    double[] vertices = parabolas.stream().mapToDouble(Parabola::vertex).toArray();
    return refusal(points, vertices.length)
        .map(Fitted::<Frontier>refused)
        .orElseGet(() -> Fitted.of(line(parabolas, vertices)));
  }

  /** Returns the parabolas, lowest budget first, of the budgets that have an optimum. */
  private static List<Parabola> parabolas(List<LossPoint> points) {
    return BudgetPoints.all(points).stream()
        .flatMap(budget -> Parabola.of(budget).value().stream())
        .toList();
  }

  /** Returns the optima, lowest budget first. */
  public static List<LnOptimum> lnOptima(List<LossPoint> points) {
    return parabolas(points).stream()
        .map(parabola -> LnOptimum.at(parabola.points(), parabola.vertex()))
        .toList();
  }

  /** Returns why so many optima give no exponents, if they do not. */
  static Optional<String> refusal(List<LossPoint> points, int optima) {
    if (points.isEmpty()) {
      return Optional.of("There are no loss points.");
    }
    if (BudgetPoints.oneTokenCount(points)) {
      return Optional.of(
          "Every point was trained on "
              + Quantities.count(points.get(0).tokens())
              + " tokens; exponents need sizes that trade params for tokens at equal compute.");
    }
    Optional<String> unshared = Histories.unplanned(BudgetGroup.of(points));
    if (unshared.isPresent()) {
      return unshared;
    }
    return switch (optima) {
      case 0 -> Optional.of("No budget has an optimum, so there are no exponents.");
      case 1 -> Optional.of("Only one budget has an optimum; global exponents need at least 3.");
      case 2 ->
          Optional.of(
              "Only two budgets have an optimum: enough for a local exponent, while global ones"
                  + " need at least 3.");
      default -> Optional.empty();
    };
  }

  /** Fits the lines through the places x that lie inside their sizes; null where too few do. */
  private static Frontier line(List<Parabola> parabolas, double[] x) {
    List<LnOptimum> inside =
        IntStream.range(0, x.length)
            .filter(k -> parabolas.get(k).points().inside(x[k]))
            .mapToObj(k -> LnOptimum.at(parabolas.get(k).points(), x[k]))
            .toList();
    if (inside.size() < FEWEST_BUDGETS) {
      return null;
    }
    double[] equal = new double[inside.size()];
    Arrays.fill(equal, 1);
    return Frontier.through(inside, equal);
  }

  /**
   * Returns draws of the noise about the parabolas: coefficients with their least-squares
   * covariance, one relative noise for all budgets, of Student-t width. What the parabola's own
   * bias adds is not in them.
   */
  @Override
  public List<Frontier> draws(List<LossPoint> points, Resampling settings) {
    List<Parabola> parabolas = parabolas(points);
    return Arrays.stream(settings.seeds())
        .parallel()
        .mapToObj(seed -> draw(parabolas, new SplittableRandom(seed)))
        .filter(Objects::nonNull)
        .toList();
  }

  private static Frontier draw(List<Parabola> parabolas, SplittableRandom random) {
    double squares = 0;
    int freedom = 0;
    for (Parabola fit : parabolas) {
      squares += fit.solution().squares() / Math.pow(fit.minimum(), 2);
      freedom += fit.points().size() - 3;
    }
    double noise = Math.sqrt(squares / BudgetNoise.chiSquare(random, freedom));
    double[] x =
        parabolas.stream()
            .map(fit -> fit.solution().draw(noise * fit.minimum(), random))
            .mapToDouble(c -> c[2] > 0 ? -c[1] / (2 * c[2]) : Double.NaN)
            .toArray();
    return line(parabolas, x);
  }
}
