package org.isoflop.harness.analysis.points;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts sorted budgets at their widest gaps until every piece is narrow. Holds the gaps as a
 * Cartesian tree (each node the widest gap of its stretch, the first of equals), which takes linear
 * time to build and gives every cut at once: a search for the widest gap of each piece would take
 * quadratic time, and a recursion overflow the stack, on a hundred thousand different budgets.
 */
final class BudgetChains {

  private static final int NONE = 0; // gap i is before budget i, so there is no gap 0

  private final double[] budgets;
  private final double[] gaps;
  private final int[] lower;
  private final int[] upper;

  private BudgetChains(double[] sorted) {
    budgets = sorted;
    gaps = new double[sorted.length];
    lower = new int[sorted.length];
    upper = new int[sorted.length];
    for (int i = 1; i < sorted.length; i++) {
      gaps[i] = Math.log(sorted[i] / sorted[i - 1]);
    }
  }

  /** Budgets from one index to before another, and their widest gap. */
  private record Piece(int from, int to, int widest) {}

  /**
   * Returns the index at which every piece ends, the next begins.
   *
   * @param sorted at least one budget, lowest first
   * @param largestGap in ln C, cut wherever neighbours are further apart
   * @param largestSpread in ln C, cut at the widest gap where a piece is wider
   */
  static List<Integer> ends(double[] sorted, double largestGap, double largestSpread) {
    BudgetChains chains = new BudgetChains(sorted);
    List<Integer> ends = new ArrayList<>();
    Deque<Piece> open = new ArrayDeque<>();
    open.push(new Piece(0, sorted.length, chains.widestOfAll()));
    while (!open.isEmpty()) {
      Piece piece = open.pop();
      int cut = piece.widest();
      double spread = Math.log(sorted[piece.to() - 1] / sorted[piece.from()]);
      if (cut == NONE || (spread <= largestSpread && chains.gaps[cut] <= largestGap)) {
        ends.add(piece.to());
      } else {
        open.push(new Piece(cut, piece.to(), chains.upper[cut]));
        open.push(new Piece(piece.from(), cut, chains.lower[cut]));
      }
    }
    return ends;
  }

  /** Builds the tree and returns its root. */
  private int widestOfAll() {
    Deque<Integer> path = new ArrayDeque<>();
    for (int i = 1; i < budgets.length; i++) {
      int narrower = NONE;
      while (!path.isEmpty() && gaps[path.peek()] < gaps[i]) {
        narrower = path.pop();
      }
      lower[i] = narrower;
      if (!path.isEmpty()) {
        upper[path.peek()] = i;
      }
      path.push(i);
    }
    return path.isEmpty() ? NONE : path.peekLast();
  }
}
