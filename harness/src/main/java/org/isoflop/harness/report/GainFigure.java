package org.isoflop.harness.report;

import java.awt.Color;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Comparison.Gain;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;

/** Compute-equivalent gain over a baseline against what the baseline spends: the static figure. */
final class GainFigure extends PairFigure {

  private static final double BAND = 0.14;

  /** Past the gains themselves the view goes so far, whatever their intervals. */
  private static final double VIEW = 0.5;

  private final List<ContrastSection> contrasts;

  private GainFigure(List<ContrastSection> contrasts) {
    this.contrasts = contrasts;
  }

  /** Returns the figure, where any gain is known. */
  static Optional<StaticFigure> of(List<ContrastSection> contrasts) {
    List<ContrastSection> known =
        contrasts.stream().filter(one -> one.contrast().gain().value().isPresent()).toList();
    return known.isEmpty() ? Optional.empty() : Optional.of(new GainFigure(known));
  }

  private static List<EqualLoss> drawn(ContrastSection one) {
    return one.contrast().gain().value().map(Gain::drawn).orElseThrow();
  }

  @Override
  List<Panel> panels() {
    List<EqualLoss> all = contrasts.stream().flatMap(one -> drawn(one).stream()).toList();
    Axis x =
        Axis.log(
            "FLOPs of " + contrasts.get(0).baseline(),
            all.stream().mapToDouble(at -> at.baseline().value()),
            0.04,
            12,
            Quantities::flops);
    double low = all.stream().mapToDouble(at -> at.gain().value()).min().orElseThrow();
    double high = all.stream().mapToDouble(at -> at.gain().value()).max().orElseThrow();
    DoubleStream seen =
        all.stream()
            .flatMap(at -> Stream.of(at.gain().interval().low(), at.gain().interval().high()))
            .mapToDouble(end -> Math.max(low - VIEW, Math.min(high + VIEW, end)));
    Axis y = Axis.linear("Gain C_A / C_B", DoubleStream.concat(DoubleStream.of(1), seen), 0.06, 8);
    Panel panel = new Panel("Compute-equivalent gain at equal loss", x, y, false);
    panel.line(new double[] {x.low(), x.high()}, new double[] {1, 1}, Panel.SOFT, Ink.LINE);
    contrasts.forEach(one -> draw(panel, drawn(one), Palette.setOnLight(one.set())));
    return List.of(panel);
  }

  private static void draw(Panel panel, List<EqualLoss> line, Color colour) {
    int n = line.size();
    double[] spent = new double[n];
    double[] gain = new double[n];
    double[] aroundX = new double[2 * n];
    double[] aroundY = new double[2 * n];
    for (int i = 0; i < n; i++) {
      EqualLoss at = line.get(i);
      spent[i] = Math.log10(at.baseline().value());
      gain[i] = at.gain().value();
      aroundX[i] = spent[i];
      aroundX[2 * n - 1 - i] = spent[i];
      aroundY[i] = panel.y().inside(at.gain().interval().low());
      aroundY[2 * n - 1 - i] = panel.y().inside(at.gain().interval().high());
    }
    panel.area(aroundX, aroundY, Ink.faint(colour, BAND));
    panel.line(spent, gain, colour, Ink.LINE);
  }

  @Override
  List<LegendStrip.Entry> legend() {
    return contrasts.stream()
        .map(one -> LegendStrip.band(one.contrast().name(), Palette.setOnLight(one.set())))
        .toList();
  }
}
