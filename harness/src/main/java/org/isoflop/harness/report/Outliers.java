package org.isoflop.harness.report;

import java.util.Set;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.PointResidual;
import org.isoflop.harness.analysis.points.LossPoint;

/** The points that the curves leave out: drawn as crosses, and never what an axis is made for. */
final class Outliers {

  private Outliers() {}

  static Set<LossPoint> of(Analysis analysis) {
    return analysis.residuals().stream()
        .filter(PointResidual::outlier)
        .map(PointResidual::point)
        .collect(Collectors.toUnmodifiableSet());
  }
}
