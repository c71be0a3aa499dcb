package org.isoflop.harness.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.envelope.TrainingRun;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.report.TrainingCurve;

/**
 * Joins a sweep's training curves to its loss points: the log of a job knows its tokens and losses,
 * its point how N and C are counted.
 */
final class CurvesOfPoints {

  private CurvesOfPoints() {}

  /**
   * Returns the runs of the jobs that have a point, in the convention of the points; those of jobs
   * that diverged or are not done are left out, as their points are. The stretches of a trunk and
   * its branches are runs of one lineage.
   *
   * @param curves of one sweep
   */
  static List<TrainingRun> join(List<TrainingCurve> curves, LossPoints input) {
    Map<String, LossPoint> points =
        input.points().stream()
            .collect(
                Collectors.toMap(
                    LossPoint::lineage,
                    Function.identity(),
                    (one, other) -> one.tokens() >= other.tokens() ? one : other));
    List<TrainingRun> runs = new ArrayList<>();
    for (TrainingCurve curve : curves) {
      LossPoint point = points.get(curve.lineage());
      if (point != null) {
        double flopsPerToken = point.flops() / point.tokens();
        runs.add(new TrainingRun(curve.lineage(), point.params(), flopsPerToken, samples(curve)));
      }
    }
    return runs;
  }

  private static List<TrainingRun.Sample> samples(TrainingCurve curve) {
    return curve.samples().stream()
        .filter(sample -> sample.loss() > 0) // one of 0 has underflowed, and has place on no axis
        .map(sample -> new TrainingRun.Sample(sample.tokens(), sample.loss()))
        .toList();
  }
}
