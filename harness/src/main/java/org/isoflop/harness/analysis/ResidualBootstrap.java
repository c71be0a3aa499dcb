package org.isoflop.harness.analysis;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Resamples the loss curves: keeps every budget's sizes, adds drawn noise to the fitted losses,
 * fits again.
 *
 * <p>Drawing whole points instead breaks on curves of 5 to 9 sizes: some draws hold three sizes or
 * nearly flat ones, and the ends of the interval follow the seed. The noise is taken as independent
 * between points; points that share a trunk are not, which this does not yet allow for.
 */
final class ResidualBootstrap {

  private ResidualBootstrap() {}

  /**
   * Refits every replicate. Replicate r draws from its own generator, so the result does not depend
   * on how many threads share the work.
   *
   * @param curves at least one
   */
  static Replicates run(List<CurveFit> curves, AnalysisSettings settings) {
    RelativeNoise noise = new RelativeNoise(curves);
    List<double[]> fitted = curves.stream().map(CurveFit::fittedLosses).toList();
    long[] seeds = seeds(settings);
    double[][] lnParams = new double[settings.replicates()][];
    double[][] losses = new double[settings.replicates()][];
    IntStream.range(0, settings.replicates())
        .parallel()
        .forEach(
            r -> {
              lnParams[r] = new double[curves.size()];
              losses[r] = new double[curves.size()];
              SplittableRandom random = new SplittableRandom(seeds[r]);
              double[] scales = noise.drawScales(random);
              for (int k = 0; k < curves.size(); k++) {
                CurveDesign design = curves.get(k).design();
                double[] y = fitted.get(k).clone();
                for (int i = 0; i < y.length; i++) {
                  y[i] *= 1 + scales[k] * noise.drawShape(random);
                }
                refit(design, design.solve(y), lnParams[r], losses[r], k);
              }
            });
    return new Replicates(curves, lnParams, losses);
  }

  private static void refit(
      CurveDesign design, double[] c, double[] lnParams, double[] losses, int k) {
    losses[k] = Double.NaN;
    switch (design.shape(c)) {
      case INSIDE -> {
        Parabola parabola = design.parabola(c);
        lnParams[k] = parabola.vertex();
        losses[k] = parabola.minimum();
      }
      case BELOW -> lnParams[k] = Double.NEGATIVE_INFINITY;
      case ABOVE -> lnParams[k] = Double.POSITIVE_INFINITY;
      case NO_BOTTOM -> lnParams[k] = Double.NaN;
    }
  }

  /** Returns one seed a replicate; neighbouring seeds would give overlapping streams. */
  static long[] seeds(AnalysisSettings settings) {
    return new SplittableRandom(settings.seed()).longs(settings.replicates()).toArray();
  }
}
