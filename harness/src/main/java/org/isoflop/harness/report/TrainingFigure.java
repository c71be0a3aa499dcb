package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.TrainingCurve.Sample;

/** Loss against tokens seen, a line for each job in the colour of its budget. */
final class TrainingFigure {

  private TrainingFigure() {}

  /** Returns the figure, where any job is known. */
  static Optional<Figure> of(ReportInput input) {
    List<TrainingCurve> curves = input.training();
    if (curves.isEmpty()) {
      return Optional.empty();
    }
    Budgets budgets = new Budgets(input.analysis());
    List<Sample> samples =
        curves.stream()
            .flatMap(curve -> Stream.concat(curve.samples().stream(), curve.evaluations().stream()))
            .toList();
    Plot plot =
        new Plot(
            "",
            Axis.log(
                "Training tokens D",
                samples.stream().mapToDouble(Sample::tokens),
                0.02,
                10,
                Quantities::count),
            Axis.linear(
                "Loss (nats per token)", samples.stream().mapToDouble(Sample::loss), 0.06, 8));
    for (TrainingCurve curve : curves) {
      draw(plot, curve, budgets);
    }
    String jobs = curves.size() == 1 ? "one job" : curves.size() + " jobs";
    return Optional.of(
        new Figure(
            "training",
            "Training curves",
            "Training loss against tokens seen, one line for each of %s, coloured by budget."
                .formatted(jobs),
            List.of(plot),
            420,
            budgets.legend(),
            "Training loss of "
                + jobs
                + ", averaged over steps of equal width in ln <i>D</i>, in the colour of the"
                + " largest budget a job serves."
                + (curves.stream().allMatch(curve -> curve.evaluations().isEmpty())
                    ? ""
                    : " Rings: validation losses.")
                + (curves.stream().anyMatch(curve -> curve.budget().isEmpty())
                    ? " Grey: jobs without a finished loss point."
                    : "")));
  }

  private static void draw(Plot plot, TrainingCurve curve, Budgets budgets) {
    List<String> title = new ArrayList<>(List.of(curve.job()));
    curve.params().ifPresent(n -> title.add("N = " + Quantities.count(n) + " params"));
    String layerName = "";
    Ink ink = Ink.SOFT;
    if (curve.budget().isPresent()) {
      int index = budgets.nearest(curve.budget().getAsDouble());
      title.add(budgets.name(index));
      layerName = budgets.layer(index);
      ink = budgets.ink(index);
    }
    String head = String.join("\n", title);
    Plot.Layer layer = plot.layer(layerName, ink);
    List<Sample> line = stretches(curve.samples());
    layer.line(
        line,
        Sample::tokens,
        Sample::loss,
        Pen.THIN,
        head + "\nD = {x} tokens\n{y} nats per token, training");
    for (Sample at : curve.evaluations()) {
      layer.mark(
          Symbol.RING,
          at.tokens(),
          at.loss(),
          "%s\nD = %s tokens\n%s nats per token, validation"
              .formatted(head, Quantities.count(at.tokens()), Numbers.of(Words.LOSS, at.loss())));
    }
  }

  /** Where tokens fall, a branch ended and the trunk went on: no line joins the two. */
  private static List<Sample> stretches(List<Sample> samples) {
    List<Sample> line = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      if (i > 0 && samples.get(i).tokens() < samples.get(i - 1).tokens()) {
        line.add(new Sample(samples.get(i).tokens(), Double.NaN));
      }
      line.add(samples.get(i));
    }
    return line;
  }
}
