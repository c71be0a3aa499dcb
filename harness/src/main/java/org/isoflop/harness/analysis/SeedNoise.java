package org.isoflop.harness.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * How far repeats of one cell lie apart: the standard deviation of ln loss within cells, pooled
 * over all that have several lineages.
 *
 * @param deviation as a share of the loss
 * @param cells how many have repeats
 * @param freedom repeats less the mean of each cell
 */
record SeedNoise(double deviation, int cells, int freedom) {

  /** Measures it; empty where nothing is repeated. */
  static Optional<SeedNoise> of(List<LossPoint> points) {
    Map<List<Double>, List<LossPoint>> all =
        points.stream()
            .collect(
                Collectors.groupingBy(
                    point -> List.of(point.budget(), point.params()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    double squares = 0;
    int cells = 0;
    int freedom = 0;
    for (List<LossPoint> cell : all.values()) {
      if (cell.stream().map(LossPoint::lineage).distinct().count() == cell.size()
          && cell.size() > 1) {
        double mean = cell.stream().mapToDouble(SeedNoise::lnLoss).average().orElseThrow();
        squares += cell.stream().mapToDouble(p -> Math.pow(lnLoss(p) - mean, 2)).sum();
        cells++;
        freedom += cell.size() - 1;
      }
    }
    return freedom == 0
        ? Optional.empty()
        : Optional.of(new SeedNoise(Math.sqrt(squares / freedom), cells, freedom));
  }

  private static double lnLoss(LossPoint point) {
    return Math.log(point.loss());
  }
}
