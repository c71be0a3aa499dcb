package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.envelope.TrainingRun;
import org.isoflop.harness.analysis.envelope.TrainingRun.Sample;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** The envelope beside the other methods of an analysis. */
final class EnvelopeMethodTest {

  private static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.AUTO, new Resampling(1, 100));

  private static final List<LossPoint> POINTS = points();

  @Test
  void standsLastAndItsNotesToo() {
    List<TrainingRun> training = POINTS.stream().map(EnvelopeMethodTest::run).toList();

    Analysis found = IsoFlopAnalysis.analyze(LossPoints.of(POINTS), training, SETTINGS);

    assertThat(found.methods().keySet()).last().isEqualTo(Method.ENVELOPE);
    assertThat(found.exponents(Method.ENVELOPE)).isPresent();
    assertThat(found.notes()).last().asString().startsWith("Envelope: ");
  }

  @Test
  void isRefusedWithoutCurvesAndNotesNothing() {
    Analysis found = IsoFlopAnalysis.analyze(POINTS, SETTINGS);

    assertThat(found.refused(Method.ENVELOPE).orElseThrow()).startsWith("No training curves: ");
    assertThat(found.notes()).noneMatch(note -> note.startsWith("Envelope"));
  }

  private static List<LossPoint> points() {
    double[] budgets = Surfaces.budgets(1e18, Math.sqrt(10), 4);
    List<LossPoint> points = new ArrayList<>();
    for (double budget : budgets) {
      double[] centre = {Surfaces.chinchillaLnParams(budget)};
      points.addAll(Surfaces.sample(Surfaces::chinchilla, new double[] {budget}, centre, 7, 4));
    }
    return points;
  }

  /** Returns the training curve of a point, as the Chinchilla law has it. */
  static TrainingRun run(LossPoint point) {
    List<Sample> samples =
        IntStream.rangeClosed(1, 200)
            .mapToObj(step -> point.tokens() * step / 200)
            .map(tokens -> new Sample(tokens, Surfaces.chinchilla(point.params(), tokens)))
            .toList();
    return new TrainingRun(
        point.lineage(), point.params(), point.flops() / point.tokens(), samples);
  }
}
