package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The law of one window of compute. One global law is wrong over wide ranges, and its exponents
 * drift with the window; the window at the top is the one to extrapolate from.
 *
 * @param from the window's lowest budget, FLOPs
 * @param to its highest
 * @param points how many points it holds
 * @param sample the law and its resamples, or why there is none
 */
public record WindowLaw(double from, double to, int points, Fitted<LawSample> sample) {

  /** Budgets are shared where their groups hold this many points on average. */
  private static final int POINTS_A_BUDGET = 4;

  private static final int FEWEST_BUDGETS = 3;

  /** Windows of unshared budgets: the lower, middle and upper half of the points. */
  private static final int HALVES = 3;

  /**
   * Splits points into overlapping windows, lowest first: half of the budgets (at least three) at a
   * time where points share budgets; else the lower, middle and upper half of the points by budget.
   *
   * @return none where only one window would fit
   */
  public static List<List<LossPoint>> windows(List<LossPoint> points) {
    List<List<LossPoint>> windows = new ArrayList<>();
    List<BudgetGroup> budgets = BudgetGroup.of(points);
    if (points.size() >= POINTS_A_BUDGET * budgets.size()) {
      int size = Math.max(FEWEST_BUDGETS, (budgets.size() + 1) / 2);
      for (int start = 0; start + size <= budgets.size() && size < budgets.size(); start++) {
        List<BudgetGroup> window = budgets.subList(start, start + size);
        windows.add(window.stream().flatMap(group -> group.points().stream()).toList());
      }
    } else {
      List<LossPoint> sorted =
          LawData.sorted(points).stream()
              .sorted(Comparator.comparingDouble(LossPoint::budget))
              .toList();
      int size = (sorted.size() + 1) / 2;
      for (int k = 0; k < HALVES; k++) {
        int start = k * (sorted.size() - size) / (HALVES - 1);
        windows.add(sorted.subList(start, start + size));
      }
    }
    return List.copyOf(windows);
  }

  /**
   * Fits and resamples the law in one window.
   *
   * @param window at least one point
   */
  public static WindowLaw of(
      List<LossPoint> window, Criterion criterion, IntervalScheme scheme, Resampling settings) {
    double from = window.stream().mapToDouble(LossPoint::budget).min().orElseThrow();
    double to = window.stream().mapToDouble(LossPoint::budget).max().orElseThrow();
    Fitted<LawSample> sample =
        LawFit.fit(window, criterion).flatMap(fit -> LawSample.of(window, fit, scheme, settings));
    return new WindowLaw(from, to, window.size(), sample);
  }
}
