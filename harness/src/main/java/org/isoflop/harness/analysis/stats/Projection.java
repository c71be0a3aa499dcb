package org.isoflop.harness.analysis.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes off values what columns explain of them by least squares, column after column (modified
 * Gram-Schmidt), and counts how many columns said something new: nested models can be compared
 * without solving for a coefficient, and collinear columns do no harm.
 */
public final class Projection {

  /** A column of which less than this share is new says nothing new. */
  private static final double NEW = 1e-7;

  private final List<double[]> basis = new ArrayList<>();
  private final double[] left;

  /** Begins with the values and no column. */
  public Projection(double[] values) {
    left = values.clone();
  }

  /** Takes off what another column explains; as many numbers as values. */
  public void explain(double[] column) {
    double[] fresh = column.clone();
    double before = Math.sqrt(dot(fresh, fresh));
    for (double[] known : basis) {
      subtract(fresh, known, dot(fresh, known));
    }
    double norm = Math.sqrt(dot(fresh, fresh));
    if (!(norm > NEW * before)) {
      return;
    }
    for (int i = 0; i < fresh.length; i++) {
      fresh[i] /= norm;
    }
    subtract(left, fresh, dot(left, fresh));
    basis.add(fresh);
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  private static void subtract(double[] from, double[] what, double times) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= times * what[i];
    }
  }

  /** Returns what no column explains. */
  public double[] left() {
    return left.clone();
  }

  /** Returns the sum of squares of what no column explains. */
  public double squares() {
    return dot(left, left);
  }

  /** Returns how many columns said something new. */
  public int rank() {
    return basis.size();
  }
}
