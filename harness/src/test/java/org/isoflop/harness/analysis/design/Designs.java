package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.design.DesignSearch.Trainable;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;

/** Grids, laws and sweeps that the tests of designs share; D = C/6N everywhere. */
final class Designs {

  /** Whatever is asked for. */
  static final Trainable ANYTHING =
      (budget, params) -> Optional.of(new DesignCell(budget, params, budget / (6 * params)));

  private Designs() {}

  /** Returns sizes a budget, geometric about the law's optimum, over a factor span. */
  static List<DesignCell> grid(Law law, int budgets, double decades, int sizes, double span) {
    List<DesignCell> cells = new ArrayList<>();
    for (int k = 0; k < budgets; k++) {
      double budget = 1e19 * Math.pow(10, decades * ((double) k / (budgets - 1) - 0.5));
      for (int i = 0; i < sizes; i++) {
        double offset = (double) i / (sizes - 1) - 0.5;
        double params = law.optimalParams(budget) * Math.pow(span, offset);
        cells.add(new DesignCell(budget, params, budget / (6 * params)));
      }
    }
    return cells;
  }

  /** Returns the cells as measured, with normal relative noise. */
  static List<LossPoint> measured(List<DesignCell> cells, Law law, double noise, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return cells.stream()
        .map(
            cell ->
                cell.measured(
                    law.loss(cell.params(), cell.tokens()) * (1 + noise * random.nextGaussian()),
                    "own"))
        .toList();
  }
}
