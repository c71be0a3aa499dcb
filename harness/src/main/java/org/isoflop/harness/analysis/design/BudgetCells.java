package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The cells of one budget under a law: where the law has its optimum among them, and how sharply
 * the bottom of its curve is bent.
 *
 * <p>Tokens are taken as a power of params along the budget, fitted to the cells: exact for C =
 * 6ND, and within 1 to 2% of exact FLOPs over a factor 16 in params.
 */
final class BudgetCells {

  /** As many as a loss curve and its noise need. */
  static final int FEWEST_SIZES = 4;

  /** Sizes closer than this, in ln N, are one size. */
  private static final double SAME_SIZE = 1e-3;

  private final double budget;
  private final List<DesignCell> cells;
  private final Law law;
  private final PowerLaw tokens;

  /** Takes cells of one budget, at least one. */
  BudgetCells(Law law, List<DesignCell> cells) {
    this.law = law;
    this.budget = cells.get(0).budget();
    this.cells = List.copyOf(cells);
    double[] lnN = cells.stream().mapToDouble(DesignCell::lnParams).toArray();
    double[] lnD = cells.stream().mapToDouble(cell -> Math.log(cell.tokens())).toArray();
    PowerLaw fitted = sizes(cells) > 1 ? PowerLaw.fit(lnN, lnD) : new PowerLaw(lnN[0], lnD[0], -1);
    // More params at one budget mean fewer tokens; cells that say otherwise share no budget.
    tokens = fitted.exponent() < 0 ? fitted : new PowerLaw(fitted.centre(), fitted.atCentre(), -1);
  }

  /** Groups cells by budget, lowest first. */
  static List<BudgetCells> of(Law law, List<DesignCell> cells) {
    Map<Double, List<DesignCell>> groups = new TreeMap<>();
    cells.forEach(
        cell -> groups.computeIfAbsent(cell.budget(), any -> new ArrayList<>()).add(cell));
    return groups.values().stream().map(group -> new BudgetCells(law, group)).toList();
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
    double optimum = lnOptimum();
    return sizes(others) >= FEWEST_SIZES
        && others.stream().anyMatch(cell -> cell.lnParams() < optimum)
        && others.stream().anyMatch(cell -> cell.lnParams() > optimum);
  }

  /** Returns ln N of the law's lowest loss at this budget. */
  double lnOptimum() {
    double q = -tokens.exponent();
    double lnTokensAtOne = tokens.atCentre() + q * tokens.centre();
    return (Math.log(law.alpha() * law.a() / (q * law.beta() * law.b()))
            + law.beta() * lnTokensAtOne)
        / (law.alpha() + law.beta() * q);
  }

  /** Returns the law's loss at ln N along this budget. */
  double loss(double lnParams) {
    return law.loss(Math.exp(lnParams), Math.exp(tokens.ln(lnParams)));
  }

  /** Returns half the second derivative of ln L by ln N at the optimum. */
  double curvature() {
    double optimum = lnOptimum();
    double ofParams = law.a() * Math.exp(-law.alpha() * optimum);
    double ofTokens = law.b() * Math.exp(-law.beta() * tokens.ln(optimum));
    double slope = law.beta() * tokens.exponent();
    double second = law.alpha() * law.alpha() * ofParams + slope * slope * ofTokens;
    return second / (2 * loss(optimum));
  }
}
