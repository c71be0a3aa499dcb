package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** As many as a loss curve and its noise need. */
  static final int FEWEST_SIZES = 4;

  /** Sizes closer than this, in ln N, are one size. */
  private static final double SAME_SIZE = 1e-3;

  /** Information that stands for none, so that too few cells can be compared, too. */
  private static final double RIDGE = 1e-6;

  private final double budget;
  private final List<DesignCell> cells;
  private final Law law;
  private final PowerLaw tokens;
  private final double lnOptimum;
  private final double lnLeast;
  private final double curvature;

  /** Takes cells of one budget, at least one. */
  CurveDesign(Law law, List<DesignCell> cells) {
    this.law = law;
    this.budget = cells.get(0).budget();
    this.cells = List.copyOf(cells);
    double[] lnN = cells.stream().mapToDouble(DesignCell::lnParams).toArray();
    double[] lnD = cells.stream().mapToDouble(cell -> Math.log(cell.tokens())).toArray();
    PowerLaw fitted = sizes(cells) > 1 ? PowerLaw.fit(lnN, lnD) : new PowerLaw(lnN[0], lnD[0], -1);
    // More params at one budget mean fewer tokens; cells that say otherwise share no budget.
    tokens = fitted.exponent() < 0 ? fitted : new PowerLaw(fitted.centre(), fitted.atCentre(), -1);
    double q = -tokens.exponent();
    double lnTokensAtOne = tokens.atCentre() + q * tokens.centre();
    lnOptimum =
        (Math.log(law.alpha() * law.a() / (q * law.beta() * law.b())) + law.beta() * lnTokensAtOne)
            / (law.alpha() + law.beta() * q);
    double least = loss(lnOptimum);
    lnLeast = Math.log(least);
    double ofParams = law.a() * Math.exp(-law.alpha() * lnOptimum);
    double ofTokens = law.b() * Math.exp(-law.beta() * tokens.ln(lnOptimum));
    double slope = law.beta() * tokens.exponent();
    double second = law.alpha() * law.alpha() * ofParams + slope * slope * ofTokens;
    curvature = second / (2 * least);
  }

  /** Groups cells by budget, lowest first. */
  static List<CurveDesign> of(Law law, List<DesignCell> cells) {
    Map<Double, List<DesignCell>> groups = new TreeMap<>();
    cells.forEach(
        cell -> groups.computeIfAbsent(cell.budget(), any -> new ArrayList<>()).add(cell));
    return groups.values().stream().map(group -> new CurveDesign(law, group)).toList();
  }

  double budget() {
    return budget;
  }

  double lnBudget() {
    return Math.log(budget);
  }

  List<DesignCell> cells() {
    return cells;
  }

  /** Returns whether two cells are of one size. */
  static boolean sameSize(DesignCell one, DesignCell other) {
    return Math.abs(one.lnParams() - other.lnParams()) <= SAME_SIZE;
  }

  /** Returns how many different sizes there are. */
  private static int sizes(List<DesignCell> cells) {
    double[] sorted = cells.stream().mapToDouble(DesignCell::lnParams).sorted().toArray();
    int sizes = 1;
    for (int i = 1; i < sorted.length; i++) {
      sizes += sorted[i] - sorted[i - 1] > SAME_SIZE ? 1 : 0;
    }
    return sizes;
  }

  /** Returns whether these cells can be expected to give an optimum. */
  boolean usable() {
    return usable(cells);
  }

  /** Returns whether other cells of this budget could be. */
  boolean usable(List<DesignCell> others) {
    return sizes(others) >= FEWEST_SIZES
        && others.stream().anyMatch(cell -> cell.lnParams() < lnOptimum)
        && others.stream().anyMatch(cell -> cell.lnParams() > lnOptimum);
  }

  /** Returns ln N of the law's lowest loss at this budget. */
  double lnOptimum() {
    return lnOptimum;
  }

  /** Returns the law's loss at ln N along this budget. */
  double loss(double lnParams) {
    return law.loss(Math.exp(lnParams), Math.exp(tokens.ln(lnParams)));
  }

  /** Returns half the second derivative of ln L by ln N at the optimum. */
  double curvature() {
    return curvature;
  }

  /** Returns the variance of ln N* that these cells leave; infinite where they give no optimum. */
  double variance(List<DesignCell> others, RunNoise noise) {
    return usable(others) ? finiteVariance(others, noise) : Double.POSITIVE_INFINITY;
  }

  /** Returns a variance for any cells, larger the further they are from giving an optimum. */
  double finiteVariance(List<DesignCell> others, RunNoise noise) {
    double ofSeed = Math.pow(noise.ofSeed(budget), 2);
    double ofCell = Math.pow(noise.ofCell(budget), 2);
    double[] m = {RIDGE, 0, RIDGE, 0, RIDGE};
    for (DesignCell cell : others) {
      double z = cell.lnParams() - lnOptimum;
      double departure = Math.log(loss(lnOptimum + z)) - lnLeast - curvature * z * z;
      long runs = others.stream().filter(other -> sameSize(cell, other)).count();
      // Its part of what all runs of its size tell together.
      double power = (ofSeed + ofCell) / (ofSeed + runs * (ofCell + departure * departure));
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
