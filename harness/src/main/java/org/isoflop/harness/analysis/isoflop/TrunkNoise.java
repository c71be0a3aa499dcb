package org.isoflop.harness.analysis.isoflop;

import java.util.List;

/**
 * How much of their noise the points of one trunk have in common: a random effect of the trunk,
 * estimated by moments from the products of residuals within trunks (Searle, Casella and McCulloch
 * 1992, chapter 5), each residual's own share of its fit allowed for and in units of its budget's
 * noise.
 */
final class TrunkNoise {

  private TrunkNoise() {}

  /** Numbers the trunks of all points from 0. */
  static int[][] trunks(List<Curve> curves) {
    return SharedNoise.numbers(curves, (k, i) -> curves.get(k).group().points().get(i).lineage());
  }

  /** Estimates the share from the residuals of a fit; 0 where no trunk has two points. */
  static SharedNoise of(BowlModel model, BowlModel.Solved solved) {
    List<Curve> curves = model.curves();
    int[][] trunk = trunks(curves);
    int points = curves.stream().mapToInt(Curve::size).sum();
    int count = SharedNoise.count(trunk);
    if (count == points) {
      return SharedNoise.none();
    }
    double[] sum = new double[count];
    double[] squares = new double[count];
    double[] left = new double[count];
    double[] leftSquares = new double[count];
    double variance = 0;
    for (int k = 0; k < trunk.length; k++) {
      Bowl bowl = solved.bowl(curves.get(k), k);
      double scale = solved.noise().scale(k);
      variance += solved.solution(k).squares() / (scale * scale) / model.freedom();
      for (int i = 0; i < trunk[k].length; i++) {
        if (!model.kept(k, i)) {
          continue;
        }
        double[] row = model.row(solved.shape(), k, i);
        double free = 1 - solved.solution(k).leverage(row[0], row[1], row[2]);
        double residual =
            (curves.get(k).loss(i) - bowl.lossAt(curves.get(k).x(i), curves.get(k).d(i)))
                * row[0]
                / scale;
        int t = trunk[k][i];
        sum[t] += residual;
        squares[t] += residual * residual;
        left[t] += free;
        leftSquares[t] += free * free;
      }
    }
    double products = 0;
    double expected = 0;
    for (int t = 0; t < sum.length; t++) {
      products += sum[t] * sum[t] - squares[t];
      expected += left[t] * left[t] - leftSquares[t];
    }
    double share = expected > 0 && variance > 0 ? products / expected / variance : 0;
    return new SharedNoise(trunk, Math.max(0, Math.min(SharedNoise.MOST, share)), 1);
  }
}
