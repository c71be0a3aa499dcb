package org.isoflop.harness.analysis.envelope;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.isoflop.harness.analysis.envelope.TrainingRun.Sample;

/** Training runs on known loss surfaces, without a schedule's effects. */
final class Runs {

  private Runs() {}

  /** Returns sizes from low, each ratio times the last. */
  static double[] sizes(double low, double ratio, int count) {
    double[] sizes = new double[count];
    for (int i = 0; i < count; i++) {
      sizes[i] = low * Math.pow(ratio, i);
    }
    return sizes;
  }

  /**
   * Returns a run a size with C = 6ND, each of the same number of steps.
   *
   * @param tokensPerParam at the end of every run
   * @param noise of a single step, as a share of the loss
   */
  static List<TrainingRun> sample(
      DoubleBinaryOperator loss,
      double[] sizes,
      double tokensPerParam,
      int steps,
      double noise,
      long seed) {
    List<TrainingRun> runs = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (double params : sizes) {
      SplittableRandom own = random.split();
      List<Sample> samples = new ArrayList<>();
      for (int step = 1; step <= steps; step++) {
        double tokens = tokensPerParam * params * step / steps;
        double at = loss.applyAsDouble(params, tokens);
        samples.add(new Sample(tokens, at * (1 + noise * own.nextGaussian())));
      }
      runs.add(new TrainingRun("n" + params, params, 6 * params, samples));
    }
    return runs;
  }
}
