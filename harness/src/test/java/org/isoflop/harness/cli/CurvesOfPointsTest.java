package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.envelope.TrainingRun;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.report.TrainingCurve;
import org.isoflop.harness.report.TrainingCurve.Sample;
import org.junit.jupiter.api.Test;

final class CurvesOfPointsTest {

  private static final OptionalDouble NONE = OptionalDouble.empty();

  @Test
  void countsARunAsItsPointDoes() {
    LossPoints points = points(new LossPoint(1e9, 1.2e9, 500, 2e5, 3, NONE, "a"));

    assertThat(join(points, curve("a", "a", new Sample(1e5, 3.5), new Sample(2e5, 3.1))))
        .containsExactly(
            new TrainingRun(
                "a",
                500,
                6000,
                List.of(new TrainingRun.Sample(1e5, 3.5), new TrainingRun.Sample(2e5, 3.1))));
  }

  @Test
  void leavesOutJobsWithoutAPoint() {
    LossPoints points = points(LossPoint.of(1e9, 500, 2e5, 3));

    assertThat(join(points, curve("diverged", "diverged", new Sample(1e5, 3.5)))).isEmpty();
  }

  @Test
  void theStretchesOfATrunkAndItsBranchesAreOneLineage() {
    LossPoints points =
        points(
            new LossPoint(1e9, 1.2e9, 500, 2e5, 3, NONE, "a-trunk"),
            new LossPoint(2e9, 2.4e9, 500, 4e5, 2.8, NONE, "a-trunk"));

    List<TrainingRun> runs =
        CurvesOfPoints.join(
                List.of(
                    curve("a-trunk", "a-trunk", new Sample(1e5, 3.5), new Sample(1.6e5, 3.4)),
                    curve("a", "a-trunk", new Sample(2e5, 3)),
                    curve("b-trunk", "a-trunk", new Sample(1.8e5, 3.3))),
                points)
            .runs();

    assertThat(runs).extracting(TrainingRun::lineage).containsOnly("a-trunk");
    assertThat(runs).extracting(run -> run.samples().size()).containsExactly(2, 1, 1);
    assertThat(runs).extracting(TrainingRun::flopsPerToken).containsOnly(6000.0);
  }

  @Test
  void validationLossesAllAlongEveryLineageTakeThePlaceOfTrainingLosses() {
    LossPoints points =
        points(
            new LossPoint(1e9, 1.2e9, 500, 2e5, 3, NONE, "a-trunk"),
            new LossPoint(2e9, 2.4e9, 500, 4e5, 2.8, NONE, "a-trunk"));
    TrainingCurve trunk = evaluated("a-trunk", Optional.empty(), 1e5, 1.2e5, 1.6e5);
    TrainingCurve branch = evaluated("a", Optional.of("a-trunk"), 1.8e5, 2e5);
    TrainingCurve stretch = evaluated("b-trunk", Optional.of("a-trunk"), 1.7e5, 3e5);
    // Its parent's end state was damaged: it began again at 1.3e5 tokens.
    TrainingCurve longer = evaluated("b", Optional.of("b-trunk"), 1.4e5, 4e5);

    CurvesOfPoints.Curves four = CurvesOfPoints.join(List.of(trunk, branch, longer), points);
    assertThat(four.validation()).as("the lineage of b has no 5 losses").isFalse();
    assertThat(four.runs()).hasSize(3);
    CurvesOfPoints.Curves all =
        CurvesOfPoints.join(
            List.of(
                trunk, branch, stretch, evaluated("b", Optional.of("b-trunk"), 1.4e5, 2e5, 4e5)),
            points);
    assertThat(all.validation()).isTrue();
    assertThat(all.runs())
        .extracting(run -> run.samples().stream().map(TrainingRun.Sample::tokens).toList())
        .containsExactly(
            List.of(1e5, 1.2e5, 1.6e5, 1.8e5, 2e5), List.of(1e5, 1.2e5, 1.4e5, 2e5, 4e5));
    assertThat(all.runs()).extracting(TrainingRun::lineage).containsOnly("a-trunk");
  }

  private static TrainingCurve evaluated(String job, Optional<String> parent, double... tokens) {
    List<Sample> losses = Arrays.stream(tokens).mapToObj(at -> new Sample(at, 3)).toList();
    return new TrainingCurve(
        job, "a-trunk", parent, NONE, NONE, List.of(new Sample(tokens[0], 3.1)), losses);
  }

  private static LossPoints points(LossPoint... points) {
    return LossPoints.of(List.of(points));
  }

  private static TrainingCurve curve(String job, String lineage, Sample... samples) {
    return new TrainingCurve(
        job, lineage, Optional.empty(), NONE, NONE, List.of(samples), List.of());
  }

  private static List<TrainingRun> join(LossPoints points, TrainingCurve curve) {
    return CurvesOfPoints.join(List.of(curve), points).runs();
  }
}
