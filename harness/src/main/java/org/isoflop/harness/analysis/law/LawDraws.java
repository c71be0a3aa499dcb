package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.points.LossPoint;

/** Draws resamples of the points by a scheme, from the fit they belong to. */
final class LawDraws {

  private final LawData data;
  private final Scheme scheme;
  private final int[][] groups;
  private final double[] fitted;
  private final double[] residuals;
  private final boolean logarithmic;

  /**
   * Prepares the draws.
   *
   * @param sorted the points in the order of the data
   * @param position the fit
   */
  LawDraws(List<LossPoint> sorted, LawObjective objective, double[] position, Scheme scheme) {
    data = objective.data();
    this.scheme = scheme;
    groups = scheme == Scheme.TRUNKS ? trunks(sorted) : singles(data.size());
    fitted = new double[data.size()];
    residuals = new double[data.size()];
    logarithmic = objective.logarithmic();
    // Residuals of a fit are smaller than the noise, by the parameters it had to bend with.
    double inflation = Math.sqrt(data.size() / (double) (data.size() - Frame.SIZE));
    for (int i = 0; i < fitted.length; i++) {
      double loss = objective.loss(position, i);
      fitted[i] = logarithmic ? Math.log(loss) : loss;
      residuals[i] = -inflation * objective.residual(position, i);
    }
  }

  private static int[][] singles(int size) {
    int[][] groups = new int[size][];
    Arrays.setAll(groups, i -> new int[] {i});
    return groups;
  }

  private static int[][] trunks(List<LossPoint> sorted) {
    Map<String, List<Integer>> byLineage = new LinkedHashMap<>();
    for (int i = 0; i < sorted.size(); i++) {
      byLineage.computeIfAbsent(sorted.get(i).lineage(), name -> new ArrayList<>()).add(i);
    }
    return byLineage.values().stream()
        .map(members -> members.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  /** Returns the indices of the points that are drawn together. */
  int[][] groups() {
    return groups;
  }

  /** Returns a resample; a loss that noise has made negative is not a number. */
  LawData draw(SplittableRandom random) {
    if (scheme == Scheme.NOISE) {
      double[] lnLoss = new double[fitted.length];
      for (int i = 0; i < lnLoss.length; i++) {
        double loss = fitted[i] + residuals[random.nextInt(residuals.length)];
        lnLoss[i] = logarithmic ? loss : Math.log(loss);
      }
      return data.withLnLoss(lnLoss);
    }
    int[] counts = new int[fitted.length];
    for (int draw = 0; draw < groups.length; draw++) {
      for (int i : groups[random.nextInt(groups.length)]) {
        counts[i]++;
      }
    }
    return data.resampled(counts);
  }
}
