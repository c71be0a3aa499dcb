package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The cells of one budget under a law: where the law has its optimum among them, how sharply the
 * bottom of its curve is bent, and how well cells locate the optimum.
 *
 * <p>That is the variance of the vertex of a quadratic of ln L on ln N, linearised about the law
 * (the delta method; a design that minimises it is c-optimal, Atkinson, Donev and Tobias 2007,
 * chapter 10). With z = ln N − ln N* and curvature c, a vertex moves by −δ₁/2c where the linear
 * coefficient moves by δ₁. A cell of m runs is known to s² + σ²/m, σ what a seed does and s what
 * its runs share, and counts less the further the law departs there from its own parabola, by 1 /
 * (s² + σ²/m + departure²): otherwise the best design for a parabola would lie where no parabola
 * holds.
 *
 * <p>Tokens are taken as a power of params along the budget, fitted to the cells: exact for C =
 * 6ND, and within 1 to 2% of exact FLOPs over a factor 16 in params.
 */
final class CurveDesign {

  /** Sizes closer than this, in ln N, are one size. */
  private static final double SAME_SIZE = 1e-3;

  /** Information that stands for none, so that too few cells can be compared, too. */
  private static final double RIDGE = 1e-6;

  private final LossSurface surface;
  private final Bottom bottom;
  private final List<DesignCell> cells;
  private final double finiteVariance;
  private final boolean usable;

  /** Takes cells of one budget, at least one. */
  CurveDesign(LossSurface surface, List<DesignCell> cells) {
    this(surface, Bottom.of(surface.law(), cells), cells);
  }

  private CurveDesign(LossSurface surface, Bottom bottom, List<DesignCell> cells) {
    this.surface = surface;
    this.bottom = bottom;
    this.cells = List.copyOf(cells);
    finiteVariance = computedVariance();
    usable =
        sizes(cells) >= FrontierFit.FEWEST_SIZES
            && cells.stream().anyMatch(cell -> cell.lnParams() < bottom.lnOptimum)
            && cells.stream().anyMatch(cell -> cell.lnParams() > bottom.lnOptimum);
  }

  /**
   * The law along a budget, and the parabola at its bottom.
   *
   * @param budget FLOPs
   * @param tokens of params
   * @param lnOptimum ln N of the lowest loss
   * @param lnLeast ln of that loss
   * @param curvature half the second derivative of ln L by ln N there
   */
  private record Bottom(
      Law law, double budget, PowerLaw tokens, double lnOptimum, double lnLeast, double curvature) {

    static Bottom of(Law law, List<DesignCell> cells) {
      double[] lnN = cells.stream().mapToDouble(DesignCell::lnParams).toArray();
      double[] lnD = cells.stream().mapToDouble(cell -> Math.log(cell.tokens())).toArray();
      PowerLaw tokens =
          sizes(cells) > 1 ? PowerLaw.fit(lnN, lnD) : new PowerLaw(lnN[0], lnD[0], -1);
      if (tokens.exponent() >= 0) {
        // More params at one budget mean fewer tokens; cells that say otherwise share no budget.
        tokens = new PowerLaw(tokens.centre(), tokens.atCentre(), -1);
      }
      double q = -tokens.exponent();
      double lnTokensAtOne = tokens.atCentre() + q * tokens.centre();
      double lnOptimum =
          (Math.log(law.alpha() * law.a() / (q * law.beta() * law.b()))
                  + law.beta() * lnTokensAtOne)
              / (law.alpha() + law.beta() * q);
      double ofParams = law.a() * Math.exp(-law.alpha() * lnOptimum);
      double ofTokens = law.b() * Math.exp(-law.beta() * tokens.ln(lnOptimum));
      double slope = law.beta() * tokens.exponent();
      double second = law.alpha() * law.alpha() * ofParams + slope * slope * ofTokens;
      double least = law.loss(Math.exp(lnOptimum), Math.exp(tokens.ln(lnOptimum)));
      return new Bottom(
          law, cells.get(0).budget(), tokens, lnOptimum, Math.log(least), second / (2 * least));
    }

    /** Returns how far ln L lies above its least at a distance in ln N from the optimum. */
    double rise(double z) {
      double lnParams = lnOptimum + z;
      return Math.log(law.loss(Math.exp(lnParams), Math.exp(tokens.ln(lnParams)))) - lnLeast;
    }
  }

  /** Groups cells by budget, lowest first. */
  static List<CurveDesign> of(LossSurface surface, List<DesignCell> cells) {
    Map<Double, List<DesignCell>> groups = new TreeMap<>();
    cells.forEach(
        cell -> groups.computeIfAbsent(cell.budget(), any -> new ArrayList<>()).add(cell));
    return groups.values().stream().map(group -> new CurveDesign(surface, group)).toList();
  }

  double budget() {
    return bottom.budget;
  }

  double lnBudget() {
    return Math.log(bottom.budget);
  }

  List<DesignCell> cells() {
    return cells;
  }

  /** Returns the same curve with none of its cells. */
  CurveDesign emptied() {
    return new CurveDesign(surface, bottom, List.of());
  }

  /** Returns the same curve with further cells. */
  CurveDesign with(List<DesignCell> more) {
    List<DesignCell> all = new ArrayList<>(cells);
    all.addAll(more);
    return new CurveDesign(surface, bottom, all);
  }

  /** Returns how many of the cells are of the size of this one. */
  int runs(DesignCell size) {
    return (int)
        cells.stream()
            .filter(cell -> Math.abs(cell.lnParams() - size.lnParams()) <= SAME_SIZE)
            .count();
  }

  /** Returns how many different sizes there are. */
  private static int sizes(List<DesignCell> cells) {
    double[] sorted = cells.stream().mapToDouble(DesignCell::lnParams).sorted().toArray();
    int sizes = Math.min(1, sorted.length);
    for (int i = 1; i < sorted.length; i++) {
      sizes += sorted[i] - sorted[i - 1] > SAME_SIZE ? 1 : 0;
    }
    return sizes;
  }

  /** Returns whether the cells can be expected to give an optimum. */
  boolean usable() {
    return usable;
  }

  /** Returns ln N of the law's lowest loss at this budget. */
  double lnOptimum() {
    return bottom.lnOptimum;
  }

  /** Returns half the second derivative of ln L by ln N at the optimum. */
  double curvature() {
    return bottom.curvature;
  }

  /** Returns the variance of ln N* that the cells leave; infinite where they give no optimum. */
  double variance() {
    return usable ? finiteVariance : Double.POSITIVE_INFINITY;
  }

  /** Returns a variance for any cells, larger the further they are from giving an optimum. */
  double finiteVariance() {
    return finiteVariance;
  }

  private double computedVariance() {
    double budget = bottom.budget;
    double curvature = bottom.curvature;
    double ofSeed = Math.pow(surface.noise().ofSeed(budget), 2);
    double ofCell = Math.pow(surface.noise().ofCell(budget), 2);
    double[] m = {RIDGE, 0, RIDGE, 0, RIDGE};
    for (DesignCell cell : cells) {
      double z = cell.lnParams() - bottom.lnOptimum;
      double departure = bottom.rise(z) - curvature * z * z;
      // Its part of what all runs of its size tell together.
      double power = (ofSeed + ofCell) / (ofSeed + runs(cell) * (ofCell + departure * departure));
      for (int i = 0; i < m.length; i++) {
        m[i] += power;
        power *= z;
      }
    }
    // The middle diagonal element of the inverse of the matrix of moments.
    double determinant =
        m[0] * (m[2] * m[4] - m[3] * m[3])
            - m[1] * (m[1] * m[4] - m[2] * m[3])
            + m[2] * (m[1] * m[3] - m[2] * m[2]);
    double linear = (m[0] * m[4] - m[2] * m[2]) / determinant;
    return (ofSeed + ofCell) * linear / (4 * curvature * curvature);
  }
}
