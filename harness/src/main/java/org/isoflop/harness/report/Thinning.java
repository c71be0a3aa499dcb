package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    if (samples.size() <= limit) {
      return List.copyOf(samples);
    }
    List<List<Sample>> stretches = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      if (i == 0 || samples.get(i).tokens() < samples.get(i - 1).tokens()) {
        stretches.add(new ArrayList<>());
      }
      stretches.get(stretches.size() - 1).add(samples.get(i));
    }
    double range = stretches.stream().mapToDouble(all -> logs(all, all.size() - 1)).sum();
    // A stretch of k whole steps touches k + 1 of them.
    double step = Math.max(range, 1e-9) / Math.max(1, limit - 2 * stretches.size());
    return stretches.stream().flatMap(stretch -> means(stretch, step)).toList();
  }

  /** Returns ln of the tokens of a sample over those at which its stretch begins. */
  private static double logs(List<Sample> stretch, int index) {
    return Math.log(stretch.get(index).tokens() / stretch.get(0).tokens());
  }

  private static Stream<Sample> means(List<Sample> stretch, double step) {
    Map<Long, List<Sample>> bins =
        IntStream.range(0, stretch.size())
            .boxed()
            .collect(
                Collectors.groupingBy(
                    i -> (long) Math.ceil(logs(stretch, i) / step),
                    TreeMap::new,
                    Collectors.mapping(stretch::get, Collectors.toList())));
    return bins.values().stream().map(Thinning::mean);
  }

  /** Whole tokens and five decimals: finer than any pixel, and than the noise of a batch. */
  private static Sample mean(List<Sample> bin) {
    double tokens = bin.stream().mapToDouble(Sample::tokens).average().orElseThrow();
    double loss = bin.stream().mapToDouble(Sample::loss).average().orElseThrow();
    return new Sample(Math.rint(tokens), Math.rint(loss * 1e5) / 1e5);
  }
}
