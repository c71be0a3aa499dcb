package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * Whether runs were planned at common budgets, as the IsoFLOP method needs. Of many runs at any
 * compute, and more so of their checkpoints, some lie within a few per cent of each other by
 * chance; curves through those would pass for optima.
 */
final class SharedBudgets {

  /** At least so many of the points must lie at budgets of enough sizes. */
  private static final double FEWEST_SHARED = 2.0 / 3;

  /** Nobody plans so many budgets … */
  private static final int MANY = 10;

  /** … closer together than this, in ln C (20%): where most are, the range is simply filled. */
  private static final double PACKED = Math.log(1.2);

  /** Budgets of one group this close, in ln C, were stated as one. */
  private static final double EQUAL = 1e-9;

  private SharedBudgets() {}

  /** Returns why these budgets are none, if they are not. */
  static Optional<String> refusal(List<BudgetGroup> groups) {
    long points = groups.stream().mapToLong(group -> group.points().size()).sum();
    List<BudgetGroup> full =
        groups.stream()
            .filter(group -> BudgetPoints.distinct(group.points()) >= BudgetPoints.FEWEST_SIZES)
            .toList();
    long shared = full.stream().mapToLong(group -> group.points().size()).sum();
    if (groups.size() < ParabolaFit.FEWEST_BUDGETS) {
      return Optional.empty();
    }
    if (shared < FEWEST_SHARED * points) {
      return Optional.of(
          Quantities.format(
              "%d of %d budgets have fewer than %d sizes: these runs do not share budgets, which"
                  + " the IsoFLOP method needs.",
              groups.size() - full.size(), groups.size(), BudgetPoints.FEWEST_SIZES));
    }
    double apart = typicalDistance(groups);
    if (groups.size() >= MANY && apart < PACKED && !full.stream().allMatch(SharedBudgets::stated)) {
      return Optional.of(
          Quantities.format(
              "The %d points fill their range of compute: %d budgets, %s apart, which rows share by"
                  + " accident and not by plan, while the IsoFLOP method needs runs planned at"
                  + " common budgets.",
              points, groups.size(), Quantities.percent(Math.expm1(apart))));
    }
    return Optional.empty();
  }

  /** Returns the median distance of neighbouring budgets in ln C. */
  private static double typicalDistance(List<BudgetGroup> groups) {
    double[] distances = new double[groups.size() - 1];
    Arrays.setAll(distances, k -> groups.get(k + 1).lnFlops() - groups.get(k).lnFlops());
    Arrays.sort(distances);
    return distances[distances.length / 2];
  }

  private static boolean stated(BudgetGroup group) {
    double least = group.points().stream().mapToDouble(LossPoint::budget).min().orElseThrow();
    double most = group.points().stream().mapToDouble(LossPoint::budget).max().orElseThrow();
    return Math.log(most / least) <= EQUAL;
  }
}
