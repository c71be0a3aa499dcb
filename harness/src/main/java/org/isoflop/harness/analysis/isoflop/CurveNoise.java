package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The relative noise of the losses about their curves.
 *
 * @param law standard deviation of ln loss as a power of C
 * @param exponent of C in it, with its interval
 * @param residuals by budget, lowest first
 * @param freeShare of the freedom that the shape, which all curves share, leaves
 * @param cellShare of the variance that repeats of a cell have in common; 0 without repeats
 * @param bottomFreedom degrees of freedom that the points near the bottoms have, each counted by
 *     its weight
 * @param above the bottoms, where points are trusted less and there are enough of them
 */
public record CurveNoise(
    PowerLaw law,
    Estimate exponent,
    List<Residuals> residuals,
    double freeShare,
    double cellShare,
    double bottomFreedom,
    Optional<Above> above) {

  /** Points with so many times the noise of one at the bottom count for less than half of it. */
  private static final double HALF = Math.sqrt(2);

  /** Fewer degrees of freedom say nothing of a deviation. */
  private static final double FEWEST_FREE = 2;

  /** Copies the list. */
  public CurveNoise {
    residuals = List.copyOf(residuals);
  }

  /**
   * The residuals of one budget, outliers not.
   *
   * @param budget FLOPs
   * @param squares of ln of the loss over its curve, summed
   * @param freedom points less coefficients of the curve
   */
  public record Residuals(double budget, double squares, int freedom) {}

  /**
   * How far points lie from their curves further up, where they count for less than half of one at
   * the bottom: what the law says nothing of.
   *
   * @param from how far above the bottom they begin, as a share of the loss
   * @param points how many there are, of all budgets
   * @param deviation standard deviation of ln of the loss over its curve
   */
  public record Above(double from, int points, double deviation) {}

  /** Measures the noise of a fit. */
  static CurveNoise of(CurveModel.Fit fit) {
    CurveModel model = fit.model();
    List<Residuals> residuals = new ArrayList<>();
    double squaresAbove = 0;
    double freedomAbove = 0;
    int pointsAbove = 0;
    double bottomFreedom = 0;
    for (int k = 0; k < model.budgets().size(); k++) {
      double squares = 0;
      int[] kept = model.keptOf(k);
      for (int i : kept) {
        double square = Math.pow(fit.residual(k, i), 2);
        squares += square;
        double free = 1 - fit.solution(k).leverage(model.row(fit.shape(), k, i));
        double widening = model.widening(fit.shape(), k, i);
        bottomFreedom += free / (widening * widening);
        if (widening > HALF) {
          squaresAbove += square;
          freedomAbove += free;
          pointsAbove++;
        }
      }
      residuals.add(
          new Residuals(
              model.budgets().get(k).flops(), squares, kept.length - CurveModel.COEFFICIENTS));
    }
    int freedom = model.freedom();
    return new CurveNoise(
        fit.noise().law(),
        fit.noise().exponent(),
        residuals,
        Math.max(0, freedom - CurveModel.Shape.EXPONENTS) / (double) freedom,
        RandomEffect.ofCells(fit).share(),
        bottomFreedom,
        freedomAbove < FEWEST_FREE
            ? Optional.empty()
            : Optional.of(
                new Above(
                    1 / fit.shape().locality(),
                    pointsAbove,
                    Math.sqrt(squaresAbove / freedomAbove))));
  }

  /** Returns how many points there are beyond the curves' coefficients. */
  public int freedom() {
    return residuals.stream().mapToInt(Residuals::freedom).sum();
  }

  /** Returns the sum of the squared residuals of all budgets. */
  double squares() {
    return residuals.stream().mapToDouble(Residuals::squares).sum();
  }

  /** Returns the noise at a budget. */
  public double at(double budget) {
    return Math.exp(law.ln(Math.log(budget)));
  }
}
