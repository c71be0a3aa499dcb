package org.isoflop.harness.analysis.isoflop;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * Draws optima from the noise of the losses about their curves. Given a shape, the coefficients of
 * a curve are drawn around the fit with the least-squares covariance and its budget's noise, which
 * is itself drawn ({@link BudgetNoise}): for a vertex that is Fieller's interval (1954), exact for
 * normal noise that is the same everywhere. The shape is drawn from its {@link ShapePosterior}. Drawing whole points instead breaks on
 * curves of 5 to 9 sizes, where some draws are all but flat.
 *
 * <p>Points that share a trunk share part of their noise: where {@link TrunkNoise} finds any, a
 * draw gives all points of a trunk one common part.
 */
final class NoiseDraws {

  private NoiseDraws() {}

  /** Draws; the same rows whatever the number of threads. */
  static OptimaDraws of(BowlFit fit, TrunkNoise trunks, Resampling settings) {
    OptimaDraws draws = new OptimaDraws(settings, fit.model().curves().size());
    ShapePosterior shapes = ShapePosterior.of(fit.model());
    long[] seeds = settings.seeds();
    IntStream.range(0, draws.size())
        .parallel()
        .forEach(r -> draw(draws, r, fit, shapes, trunks, new SplittableRandom(seeds[r])));
    return draws;
  }

  private static void draw(
      OptimaDraws draws,
      int r,
      BowlFit fit,
      ShapePosterior shapes,
      TrunkNoise trunks,
      SplittableRandom random) {
    BowlModel.Solved node = shapes.draw(random);
    double[] noise = node.noise().draw(random);
    double[] shared = trunks.draw(random);
    for (int k = 0; k < fit.model().curves().size(); k++) {
      double[] c = node.solution(k).coefficients();
      double own = noise[k] * Math.sqrt(1 - trunks.share());
      node.solution(k)
          .addDraw(
              own * random.nextGaussian(),
              own * random.nextGaussian(),
              own * random.nextGaussian(),
              c);
      if (shared.length > 0) {
        addShared(fit.model(), node, k, trunks, shared, noise[k] * Math.sqrt(trunks.share()), c);
      }
      draws.set(r, k, new Bowl(fit.model().curves().get(k), node.shape(), c[0], c[1], c[2]));
    }
  }

  private static void addShared(
      BowlModel model,
      BowlModel.Solved node,
      int k,
      TrunkNoise trunks,
      double[] shared,
      double noise,
      double[] c) {
    for (int i = 0; i < model.curves().get(k).size(); i++) {
      if (model.kept(k, i)) {
        double[] row = model.row(node.shape(), k, i);
        double[] moved = node.solution(k).influence(row[0], row[1], row[2]);
        double part = noise * shared[trunks.trunk(k, i)];
        for (int j = 0; j < 3; j++) {
          c[j] += part * moved[j];
        }
      }
    }
  }
}
