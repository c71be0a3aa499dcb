package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The law restricted to sliding windows of compute. One global law is wrong over wide ranges, and
 * its exponents drift with the window; the window at the top is the one to extrapolate from.
 */
public final class LawWindows {

  /** Budgets are shared where their groups hold this many points on average. */
  private static final int POINTS_A_BUDGET = 4;

  private static final int FEWEST_BUDGETS = 3;

  /** Windows of unshared budgets: the lower, middle and upper half of the points. */
  private static final int HALVES = 3;

  private LawWindows() {}

  /**
   * Splits points into overlapping windows, lowest first: half of the budgets (at least three) at a
   * time where points share budgets; else the lower, middle and upper half of the points by budget.
   *
   * @return none where only one window would fit
   */
  public static List<List<LossPoint>> split(List<LossPoint> points) {
    List<BudgetGroup> budgets = BudgetGroup.of(points);
    if (points.size() >= POINTS_A_BUDGET * budgets.size()) {
      return byBudget(budgets);
    }
    List<LossPoint> sorted =
        LawData.sorted(points).stream()
            .sorted(Comparator.comparingDouble(LossPoint::budget))
            .toList();
    int size = (sorted.size() + 1) / 2;
    List<List<LossPoint>> windows = new ArrayList<>();
    for (int k = 0; k < HALVES; k++) {
      int start = k * (sorted.size() - size) / (HALVES - 1);
      windows.add(sorted.subList(start, start + size));
    }
    return List.copyOf(windows);
  }

  private static List<List<LossPoint>> byBudget(List<BudgetGroup> budgets) {
    int size = Math.max(FEWEST_BUDGETS, (budgets.size() + 1) / 2);
    List<List<LossPoint>> windows = new ArrayList<>();
    for (int start = 0; start + size <= budgets.size() && size < budgets.size(); start++) {
      windows.add(
          budgets.subList(start, start + size).stream().flatMap(g -> g.points().stream()).toList());
    }
    return List.copyOf(windows);
  }

  /** Fits and resamples the law in every window of {@link #split}. */
  public static List<WindowLaw> fit(
      List<LossPoint> points, Criterion criterion, Scheme scheme, Resampling settings) {
    return split(points).stream()
        .map(window -> fitWindow(window, criterion, scheme, settings))
        .toList();
  }

  /**
   * Fits and resamples the law in one window.
   *
   * @param window at least one point
   */
  public static WindowLaw fitWindow(
      List<LossPoint> window, Criterion criterion, Scheme scheme, Resampling settings) {
    double from = window.stream().mapToDouble(LossPoint::budget).min().orElseThrow();
    double to = window.stream().mapToDouble(LossPoint::budget).max().orElseThrow();
    Fitted<LawFit> fit = LawFit.fit(window, criterion);
    Optional<String> refused = fit.refused();
    Fitted<LawSample> sample =
        refused.isPresent()
            ? Fitted.refused(refused.get())
            : LawBootstrap.run(window, fit.value().orElseThrow(), scheme, settings);
    return new WindowLaw(from, to, window.size(), sample);
  }
}
