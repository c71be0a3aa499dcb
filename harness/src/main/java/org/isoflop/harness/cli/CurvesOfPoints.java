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
   * that diverged or are not done are left out, as their points are. A log whose tokens fall, where
   * a branch ended and its trunk went on, becomes several runs of one lineage.
   *
   * @param curves of one sweep, whose jobs are the lineages of its points
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
      LossPoint point = points.get(curve.job());
      if (point != null) {
        double flopsPerToken = point.flops() / point.tokens();
        for (List<TrainingRun.Sample> stretch : stretches(curve)) {
          runs.add(new TrainingRun(curve.job(), point.params(), flopsPerToken, stretch));
        }
      }
    }
    return runs;
  }

  private static List<List<TrainingRun.Sample>> stretches(TrainingCurve curve) {
    List<List<TrainingRun.Sample>> stretches = new ArrayList<>();
    double last = Double.POSITIVE_INFINITY;
    for (TrainingCurve.Sample sample : curve.samples()) {
      if (sample.tokens() < last) {
        stretches.add(new ArrayList<>());
      }
      last = sample.tokens();
      if (sample.loss() > 0) { // a loss of 0 has underflowed, and has no place on any axis
        stretches
            .get(stretches.size() - 1)
            .add(new TrainingRun.Sample(sample.tokens(), sample.loss()));
      }
    }
    return stretches;
  }
}
