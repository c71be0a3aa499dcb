package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.BudgetGroup;

/**
 * Whether runs were planned at common budgets, as the IsoFLOP method needs. Of many runs at any
 * compute some lie within a few per cent of each other by chance; curves through those would pass
 * for optima.
 */
final class SharedBudgets {

  /** At least so many of the points must lie at budgets of enough sizes. */
  private static final double FEWEST_SHARED = 2.0 / 3;

  private SharedBudgets() {}

  /** Returns why these budgets are none, if they are not. */
  static Optional<String> refusal(List<BudgetGroup> groups) {
    long points = groups.stream().mapToLong(group -> group.points().size()).sum();
    long shared =
        groups.stream()
            .filter(group -> Curve.distinct(group.points()) >= Curve.FEWEST_SIZES)
            .mapToLong(group -> group.points().size())
            .sum();
    long thin =
        groups.stream()
            .filter(group -> Curve.distinct(group.points()) < Curve.FEWEST_SIZES)
            .count();
    if (groups.size() < ParabolaFit.FEWEST_BUDGETS || shared >= FEWEST_SHARED * points) {
      return Optional.empty();
    }
    return Optional.of(
        Quantities.format(
            "%d of %d budgets have fewer than %d sizes: these runs do not share budgets, which the"
                + " IsoFLOP method needs.",
            thin, groups.size(), Curve.FEWEST_SIZES));
  }
}
