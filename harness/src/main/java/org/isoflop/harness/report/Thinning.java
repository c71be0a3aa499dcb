package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.report.TrainingCurve.Sample;

/**
 * Makes a logged loss drawable: means over steps of equal width in ln D, which both smooths the
 * noise of single batches and leaves few enough points for a page.
 *
 * <p>Equal steps in ln D suit a logarithmic axis: the steep start keeps every logged step, the long
 * tail is averaged over more and more of them, a fixed fraction of the run so far.
 */
final class Thinning {

  private Thinning() {}

  /**
   * Returns at most {@code limit} means, as long as the run has fewer than half as many stretches.
   *
   * @param samples as logged; a fall in tokens starts a new stretch, and no mean crosses it
   * @param limit the most points to return, at least 1
   */
  static List<Sample> thin(List<Sample> samples, int limit) {
    double range = 0;
    int stretches = 0;
    int start = 0;
    for (int i = 1; i <= samples.size(); i++) {
      if (i == samples.size() || startsStretch(samples, i)) {
        range += Math.log(samples.get(i - 1).tokens() / samples.get(start).tokens());
        stretches++;
        start = i;
      }
    }
    if (samples.size() <= limit) {
      return List.copyOf(samples);
    }
    // A stretch of k whole steps touches k + 1 of them.
    double step = Math.max(range, 1e-9) / Math.max(1, limit - 2 * stretches);
    return average(samples, step);
  }

  private static List<Sample> average(List<Sample> samples, double step) {
    List<Sample> means = new ArrayList<>();
    double first = samples.get(0).tokens();
    long bin = 0;
    double tokens = 0;
    double loss = 0;
    int count = 0;
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      boolean starts = i > 0 && startsStretch(samples, i);
      if (starts) {
        first = sample.tokens();
      }
      long here = (long) Math.ceil(Math.log(sample.tokens() / first) / step);
      if (count > 0 && (starts || here != bin)) {
        means.add(mean(tokens, loss, count));
        tokens = 0;
        loss = 0;
        count = 0;
      }
      bin = here;
      tokens += sample.tokens();
      loss += sample.loss();
      count++;
    }
    means.add(mean(tokens, loss, count));
    return means;
  }

  /** Whole tokens and five decimals: finer than any pixel, and short in the page. */
  private static Sample mean(double tokens, double loss, int count) {
    return new Sample(Math.rint(tokens / count), Math.rint(loss / count * 1e5) / 1e5);
  }

  private static boolean startsStretch(List<Sample> samples, int i) {
    return samples.get(i).tokens() < samples.get(i - 1).tokens();
  }
}
