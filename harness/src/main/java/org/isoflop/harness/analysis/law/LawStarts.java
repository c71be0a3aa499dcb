package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Where to start from: a grid over (alpha, beta), at each of which the best non-negative E, A and B
 * are found exactly, since the law is linear in them (variable projection; Golub and Pereyra 1973).
 * That leaves two well-behaved directions to search instead of five badly conditioned ones.
 */
final class LawStarts {

  /** Exponents from far below to far above any published one, geometric. */
  private static final double[] EXPONENTS = {0.05, 0.1, 0.18, 0.35, 0.65, 1.25, 2.5};

  /** A coefficient the linear fit sets to zero starts at this share of the loss. */
  private static final double SMALLEST_SHARE = 0.02;

  /** The same, as a coordinate of a position. */
  static final double SMALLEST = Math.log(SMALLEST_SHARE);

  /** The sets of coefficients that may be positive, as bits. */
  private static final int ALL = 7;

  private final double[] loss;
  private final double[] weights;

  private LawStarts(LawData data, Criterion criterion) {
    loss = new double[data.size()];
    weights = new double[data.size()];
    for (int i = 0; i < loss.length; i++) {
      loss[i] = Math.exp(data.lnLoss(i));
      double unit = criterion == Criterion.SQUARES ? 1 : loss[i];
      weights[i] = data.weight(i) / (unit * unit);
    }
  }

  /**
   * Returns a start for each pair of exponents, the best linear fit first.
   *
   * @param criterion decides whether the linear fit is of losses or of relative ones
   */
  static List<double[]> grid(LawData data, Criterion criterion) {
    LawStarts starts = new LawStarts(data, criterion);
    double[][] byParams = powers(data.size(), data::params);
    double[][] byTokens = powers(data.size(), data::tokens);
    List<Candidate> grid = new ArrayList<>();
    for (int j = 0; j < EXPONENTS.length; j++) {
      for (int k = 0; k < EXPONENTS.length; k++) {
        grid.add(starts.candidate(j, k, byParams[j], byTokens[k]));
      }
    }
    grid.sort(Comparator.comparingDouble(Candidate::value));
    return grid.stream().map(Candidate::position).toList();
  }

  private static double[][] powers(int size, IntToDoubleFunction lnValue) {
    double[][] powers = new double[EXPONENTS.length][size];
    for (int k = 0; k < EXPONENTS.length; k++) {
      for (int i = 0; i < size; i++) {
        powers[k][i] = Math.exp(-EXPONENTS[k] * lnValue.applyAsDouble(i));
      }
    }
    return powers;
  }

  private Candidate candidate(int alpha, int beta, double[] byParams, double[] byTokens) {
    double[] gram = new double[6];
    double[] right = new double[3];
    for (int i = 0; i < loss.length; i++) {
      double w = weights[i];
      gram[0] += w;
      gram[1] += w * byParams[i];
      gram[2] += w * byParams[i] * byParams[i];
      gram[3] += w * byTokens[i];
      gram[4] += w * byTokens[i] * byParams[i];
      gram[5] += w * byTokens[i] * byTokens[i];
      right[0] += w * loss[i];
      right[1] += w * loss[i] * byParams[i];
      right[2] += w * loss[i] * byTokens[i];
    }
    double[] best = nonNegative(gram, right);
    double[] position = {
      Math.max(Math.log(best[0]), SMALLEST),
      Math.max(Math.log(best[1]), SMALLEST),
      Math.max(Math.log(best[2]), SMALLEST),
      Math.log(EXPONENTS[alpha]),
      Math.log(EXPONENTS[beta])
    };
    // What least squares take off the sum of squares.
    double explained = best[0] * right[0] + best[1] * right[1] + best[2] * right[2];
    return new Candidate(position, -explained);
  }

  /**
   * Solves non-negative least squares in three coefficients by trying every set of positive ones:
   * the best of those whose own least squares are positive is the solution.
   *
   * @param gram packed lower triangle of the normal matrix
   * @param right its right-hand side
   */
  static double[] nonNegative(double[] gram, double[] right) {
    double[] best = new double[3];
    double mostExplained = 0;
    for (int set = 1; set <= ALL; set++) {
      double[] matrix = new double[6];
      double[] solution = new double[3];
      int size = 0;
      int[] members = new int[3];
      for (int j = 0; j < 3; j++) {
        if ((set >> j & 1) == 1) {
          members[size] = j;
          solution[size] = right[j];
          for (int k = 0; k <= size; k++) {
            matrix[Cholesky.at(size, k)] = gram[Cholesky.at(j, members[k])];
          }
          size++;
        }
      }
      if (!Cholesky.solve(size, matrix, solution)) {
        continue;
      }
      double explained = 0;
      boolean positive = true;
      for (int k = 0; k < size; k++) {
        explained += solution[k] * right[members[k]];
        positive &= solution[k] > 0;
      }
      if (positive && explained > mostExplained) {
        mostExplained = explained;
        best = new double[3];
        for (int k = 0; k < size; k++) {
          best[members[k]] = solution[k];
        }
      }
    }
    return best;
  }
}
