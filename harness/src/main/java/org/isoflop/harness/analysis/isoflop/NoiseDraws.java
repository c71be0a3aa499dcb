package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * Draws optima from the noise of the losses about their curves. Given a shape, the coefficients of
 * a curve are drawn around the fit with the least-squares covariance and its budget's noise, which
 * is itself drawn ({@link BudgetNoise}): for a vertex that is Fieller's interval (1954), exact for
 * normal noise that is the same everywhere. The shape is drawn from its {@link ShapePosterior}.
 * Drawing whole points instead breaks on curves of 5 to 9 sizes, where some draws are all but flat.
 *
 * <p>Points of one trunk, and repeats of one cell, share part of their noise: where {@link
 * TrunkNoise} or {@link CellNoise} finds any, a draw gives all of them one common part.
 */
final class NoiseDraws {

  private NoiseDraws() {}

  /** Draws; the same rows whatever the number of threads. */
  static OptimaDraws of(BowlFit fit, List<SharedNoise> shared, Resampling settings) {
    OptimaDraws draws = new OptimaDraws(settings, fit.model().curves().size());
    ShapePosterior shapes = ShapePosterior.of(fit.model());
    long[] seeds = settings.seeds();
    IntStream.range(0, draws.size())
        .parallel()
        .forEach(r -> draw(draws, r, fit, shapes, shared, new SplittableRandom(seeds[r])));
    return draws;
  }

  private static void draw(
      OptimaDraws draws,
      int r,
      BowlFit fit,
      ShapePosterior shapes,
      List<SharedNoise> shared,
      SplittableRandom random) {
    BowlModel.Solved node = shapes.draw(random);
    double[] noise = node.noise().draw(random);
    List<double[]> common = shared.stream().map(part -> part.draw(random)).toList();
    double scale = shared.stream().mapToDouble(SharedNoise::scale).reduce(1, (a, b) -> a * b);
    double ownShare = Math.max(0, 1 - shared.stream().mapToDouble(SharedNoise::share).sum());
    for (int k = 0; k < fit.model().curves().size(); k++) {
      double[] c = node.solution(k).coefficients();
      noise[k] *= scale;
      double own = noise[k] * Math.sqrt(ownShare);
      node.solution(k)
          .addDraw(
              own * random.nextGaussian(),
              own * random.nextGaussian(),
              own * random.nextGaussian(),
              c);
      for (int s = 0; s < shared.size(); s++) {
        if (common.get(s).length > 0) {
          addShared(fit.model(), node, k, shared.get(s), common.get(s), noise[k], c);
        }
      }
      draws.set(r, k, new Bowl(fit.model().curves().get(k), node.shape(), c[0], c[1], c[2]));
    }
  }

  private static void addShared(
      BowlModel model,
      BowlModel.Solved node,
      int k,
      SharedNoise shared,
      double[] common,
      double noise,
      double[] c) {
    double deviation = noise * Math.sqrt(shared.share());
    for (int i = 0; i < model.curves().get(k).size(); i++) {
      if (model.kept(k, i)) {
        double[] row = model.row(node.shape(), k, i);
        double[] moved = node.solution(k).influence(row[0], row[1], row[2]);
        double part = deviation * common[shared.group(k, i)];
        for (int j = 0; j < 3; j++) {
          c[j] += part * moved[j];
        }
      }
    }
  }
}
