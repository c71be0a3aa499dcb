package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;

/** Points of known laws. */
final class LawPoints {

  /** Besiroglu et al. 2024 (arXiv 2404.10102), Table 1. */
  static final Law CHINCHILLA = new Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

  private LawPoints() {}

  /**
   * Samples a law about its own optima.
   *
   * @param budgets geometric from 1e18, a factor √10 apart
   * @param span sizes from centre/span to centre·span
   * @param offCentre factor of the centre over the optimum at the lowest budget
   * @param drift factor by which that grows at each budget
   */
  static List<LossPoint> grid(
      Law law, int budgets, int sizes, double span, double offCentre, double drift) {
    double[] flops = Surfaces.budgets(1e18, Math.sqrt(10), budgets);
    double[] lnCentres = new double[budgets];
    for (int k = 0; k < budgets; k++) {
      lnCentres[k] =
          Math.log(law.optimalParams(flops[k])) + Math.log(offCentre) + k * Math.log(drift);
    }
    return Surfaces.sample(law::loss, flops, lnCentres, sizes, span);
  }

  /** Returns a 240-point grid of the Chinchilla law with 0.4% noise. */
  static List<LossPoint> noisy240(long seed) {
    return Surfaces.noisy(grid(CHINCHILLA, 12, 20, 6, 1, 1), 0.004, new SplittableRandom(seed));
  }

  /** Returns the points in trunks, whose points share an error beside their own. */
  static List<LossPoint> inTrunks(
      List<LossPoint> points, int trunk, double shared, SplittableRandom random) {
    List<LossPoint> result = new ArrayList<>();
    double error = 0;
    for (int i = 0; i < points.size(); i++) {
      if (i % trunk == 0) {
        error = shared * random.nextGaussian();
      }
      LossPoint p = points.get(i);
      result.add(
          new LossPoint(
              p.budget(),
              p.budget(),
              p.params(),
              p.tokens(),
              p.loss() * (1 + error),
              OptionalDouble.empty(),
              "trunk-" + i / trunk));
    }
    return result;
  }

  static List<LossPoint> map(List<LossPoint> points, UnaryOperator<LossPoint> change) {
    return points.stream().map(change).toList();
  }

  static LawFit fit(List<LossPoint> points, Criterion criterion) {
    return LawFit.fit(points, criterion).value().orElseThrow();
  }
}
