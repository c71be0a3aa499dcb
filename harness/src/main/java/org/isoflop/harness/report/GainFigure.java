package org.isoflop.harness.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Comparison.Gain;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Legend.Swatch;

/** Compute-equivalent gain over a baseline against what the baseline spends. */
final class GainFigure {

  /** Past the gains themselves the view goes so far, whatever their intervals. */
  private static final double VIEW = 0.5;

  private GainFigure() {}

  /** Returns the figure, where any gain is known. */
  static Optional<Figure> of(List<ContrastSection> contrasts) {
    List<ContrastSection> known =
        contrasts.stream().filter(one -> one.contrast().gain().value().isPresent()).toList();
    return known.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Figure(
                "gain",
                "Compute at equal loss",
                "Compute-equivalent gain of each set over the baseline, against the compute of the"
                    + " baseline, with intervals.",
                List.of(plot(known)),
                400,
                new Legend("", known.stream().map(GainFigure::key).toList()),
                "What "
                    + Html.text(known.get(0).baseline())
                    + " spends for a loss over what the other set spends for the same; above 1 the"
                    + " other set needs less. Bands: 95% intervals. Shown where both have"
                    + " measured."));
  }

  private static Swatch key(ContrastSection one) {
    return Swatch.band(CompareFigure.layer(one.set()), one.contrast().name(), Ink.set(one.set()));
  }

  private static Plot plot(List<ContrastSection> contrasts) {
    List<EqualLoss> all = contrasts.stream().flatMap(one -> gain(one).drawn().stream()).toList();
    double low = all.stream().mapToDouble(at -> at.gain().value()).min().orElseThrow();
    double high = all.stream().mapToDouble(at -> at.gain().value()).max().orElseThrow();
    DoubleStream seen =
        all.stream()
            .flatMap(at -> Stream.of(at.gain().interval().low(), at.gain().interval().high()))
            .mapToDouble(end -> Math.max(low - VIEW, Math.min(high + VIEW, end)));
    Plot plot =
        new Plot(
            "",
            Axis.log(
                "FLOPs of " + contrasts.get(0).baseline(),
                all.stream().mapToDouble(at -> at.baseline().value()),
                0.04,
                10,
                Quantities::flops),
            Axis.linear(
                "Compute-equivalent gain at equal loss, C_A / C_B",
                DoubleStream.concat(DoubleStream.of(1), seen),
                0.06,
                8));
    plot.layer("", Ink.SOFT).level(1, Pen.LINE, "");
    contrasts.forEach(one -> draw(plot, one));
    return plot;
  }

  private static Gain gain(ContrastSection one) {
    return one.contrast().gain().value().orElseThrow();
  }

  private static void draw(Plot plot, ContrastSection one) {
    Plot.Layer layer = plot.layer(CompareFigure.layer(one.set()), Ink.set(one.set()));
    List<EqualLoss> drawn = gain(one).drawn();
    layer.band(drawn, at -> at.baseline().value(), at -> at.gain().interval(), 0.14);
    layer.line(drawn, at -> at.baseline().value(), at -> at.gain().value(), Pen.LINE, "");
    for (EqualLoss at : drawn) {
      layer.mark(
          Symbol.SPOT,
          at.baseline().value(),
          at.gain().value(),
          String.join(
              "\n",
              "%s, at %s %s"
                  .formatted(
                      one.contrast().name(), Numbers.of(Words.LOSS, at.loss()), gain(one).unit()),
              Quantities.flops(at.other().value())
                  + " FLOPs, the baseline "
                  + Quantities.flops(at.baseline().value()),
              "gain " + Words.FACTOR.of(at.gain().value()),
              "95% interval " + Numbers.of(Words.FACTOR, at.gain().interval())));
    }
  }
}
