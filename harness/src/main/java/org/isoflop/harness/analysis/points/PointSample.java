package org.isoflop.harness.analysis.points;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A part of very many points that covers budgets and sizes as all of them do: for what is only
 * drawn, or told to two digits, and would take minutes on all.
 */
public final class PointSample {

  private PointSample() {}

  /** Returns how many points stand for one, where at most so many are wanted of so many. */
  public static int every(int points, int most) {
    return (points + most - 1) / most;
  }

  /**
   * Returns every m-th of a list in its order, so that at most so many are left, counted from the
   * last one: the top of a range matters most.
   */
  public static <T> List<T> fromTop(List<T> all, int most) {
    int every = every(all.size(), most);
    return IntStream.range(0, all.size())
        .filter(i -> (all.size() - 1 - i) % every == 0)
        .mapToObj(all::get)
        .toList();
  }

  /** Returns every m-th point by budget and size, so that at most so many are left. */
  public static List<LossPoint> of(List<LossPoint> points, int most) {
    int every = every(points.size(), most);
    if (every <= 1) {
      return points;
    }
    List<LossPoint> sorted = points.stream().sorted(LossPoint.BY_BUDGET_AND_SIZE).toList();
    return IntStream.range(0, sorted.size())
        .filter(i -> i % every == every / 2)
        .mapToObj(sorted::get)
        .toList();
  }
}
