package org.isoflop.harness.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.envelope.TrainingRun;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.report.TrainingCurve;
import org.isoflop.harness.report.TrainingCurve.Sample;

/**
 * Joins a sweep's training curves to its loss points: the log of a job knows its tokens and losses,
 * its point how N and C are counted.
 */
final class CurvesOfPoints {

  private CurvesOfPoints() {}

  /** Fewer validation losses than this along a lineage, and they make no curve. */
  private static final int FEWEST = 5;

  /** Tells losses of validation text from those of training text, which no envelope may mix. */
  record Curves(List<TrainingRun> runs, boolean validation) {}

  /**
   * Returns the runs of the jobs that have a point, in the convention of the points; those of jobs
   * that diverged or are not done are left out, as their points are. The stretches of a trunk and
   * its branches are runs of one lineage.
   *
   * <p>Where validation losses were taken all along every lineage that ends in a horizon, its runs
   * are those of whole lineages and these their losses; else the training losses of each job.
   *
   * @param curves of one sweep
   */
  static Curves join(List<TrainingCurve> curves, LossPoints input) {
    Map<String, LossPoint> points =
        input.points().stream()
            .collect(
                Collectors.toMap(
                    LossPoint::lineage,
                    Function.identity(),
                    (one, other) -> one.tokens() >= other.tokens() ? one : other));
    List<TrainingCurve> pointed =
        curves.stream().filter(curve -> points.containsKey(curve.lineage())).toList();
    Map<String, TrainingCurve> byJob =
        curves.stream().collect(Collectors.toMap(TrainingCurve::job, Function.identity()));
    Set<String> parents =
        curves.stream().flatMap(c -> c.parent().stream()).collect(Collectors.toSet());
    List<TrainingCurve> ends =
        pointed.stream().filter(curve -> !parents.contains(curve.job())).toList();
    boolean validation =
        !ends.isEmpty() && ends.stream().allMatch(end -> evaluations(end, byJob).size() >= FEWEST);
    List<TrainingRun> runs = new ArrayList<>();
    for (TrainingCurve curve : validation ? ends : pointed) {
      LossPoint point = points.get(curve.lineage());
      runs.add(
          new TrainingRun(
              curve.lineage(),
              point.params(),
              point.flops() / point.tokens(),
              samples(validation ? evaluations(curve, byJob) : curve.samples())));
    }
    return new Curves(runs, validation);
  }

  /** Returns the validation losses from initial weights on: of what a job went on from, its own. */
  private static List<Sample> evaluations(TrainingCurve end, Map<String, TrainingCurve> byJob) {
    List<Sample> all = new ArrayList<>(end.evaluations());
    Optional<TrainingCurve> ancestor = end.parent().map(byJob::get);
    while (ancestor.isPresent()) {
      double begin = all.isEmpty() ? Double.POSITIVE_INFINITY : all.get(0).tokens();
      all.addAll(0, ancestor.get().evaluations().stream().filter(s -> s.tokens() < begin).toList());
      ancestor = ancestor.get().parent().map(byJob::get);
    }
    return all;
  }

  private static List<TrainingRun.Sample> samples(List<Sample> logged) {
    return logged.stream()
        .filter(sample -> sample.loss() > 0) // one of 0 has underflowed, and has place on no axis
        .map(sample -> new TrainingRun.Sample(sample.tokens(), sample.loss()))
        .toList();
  }
}
