package org.isoflop.harness.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.PointResidual;
import org.knowm.xchart.style.markers.Marker;

/** How far the points lie from the curves and from the law, against N: the static figure. */
final class ResidualsFigure extends PairFigure {

  private final Analysis analysis;
  private final List<ResidualKind> kinds;

  private ResidualsFigure(Analysis analysis, List<ResidualKind> kinds) {
    this.analysis = analysis;
    this.kinds = kinds;
  }

  /** Returns the figure, where there is any residual to draw. */
  static Optional<StaticFigure> of(Analysis analysis) {
    List<ResidualKind> kinds = ResidualKind.of(analysis);
    return kinds.isEmpty() ? Optional.empty() : Optional.of(new ResidualsFigure(analysis, kinds));
  }

  @Override
  List<Panel> panels() {
    return kinds.stream().map(this::panel).toList();
  }

  @Override
  List<LegendStrip.Entry> legend() {
    List<BudgetCurve> curves = analysis.curves();
    List<LegendStrip.Entry> entries = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      entries.add(
          LegendStrip.mark(
              Quantities.flops(curves.get(i).budget()),
              Palette.onLight(i, curves.size()),
              Markers.POINT));
    }
    if (analysis.residuals().stream().anyMatch(PointResidual::outlier)) {
      entries.add(LegendStrip.mark("left out by the curves", Panel.SOFT, Markers.LEFT_OUT));
    }
    return entries;
  }

  private Panel panel(ResidualKind kind) {
    List<PointResidual> known =
        analysis.residuals().stream().filter(r -> kind.of(r).isPresent()).toList();
    Axis x =
        Axis.log(
            "Parameters N",
            known.stream().mapToDouble(r -> r.point().params()),
            0.04,
            7,
            Quantities::count);
    DoubleStream kept =
        known.stream().filter(r -> !r.outlier()).mapToDouble(r -> kind.of(r).getAsDouble());
    Axis y = Axis.linear("ln (loss / fit)", DoubleStream.concat(DoubleStream.of(0), kept), 0.08, 8);
    Panel panel = new Panel("Residuals of " + kind.words(), x, y, false);
    panel.line(new double[] {x.low(), x.high()}, new double[] {0, 0}, Panel.SOFT, Ink.INTERVAL);
    for (int i = 0; i < analysis.curves().size(); i++) {
      int budget = i;
      List<PointResidual> here = known.stream().filter(r -> nearest(r) == budget).toList();
      Color colour = Palette.onLight(i, analysis.curves().size());
      marks(panel, kind, here.stream().filter(r -> !r.outlier()), colour, Markers.POINT);
      marks(panel, kind, here.stream().filter(r -> r.outlier()), colour, Markers.LEFT_OUT);
    }
    return panel;
  }

  private static void marks(
      Panel panel,
      ResidualKind kind,
      Stream<PointResidual> residuals,
      Color colour,
      Marker marker) {
    List<PointResidual> all = residuals.toList();
    if (!all.isEmpty()) {
      panel.marks(
          all.stream().mapToDouble(r -> Math.log10(r.point().params())).toArray(),
          all.stream().mapToDouble(r -> panel.y().wellInside(kind.of(r).getAsDouble())).toArray(),
          colour,
          marker);
    }
  }

  /** The points of a group state budgets that may differ a little from its own. */
  private int nearest(PointResidual residual) {
    List<BudgetCurve> curves = analysis.curves();
    return IntStream.range(0, curves.size())
        .boxed()
        .min(
            Comparator.comparingDouble(
                i -> Math.abs(Math.log(curves.get(i).budget() / residual.point().budget()))))
        .orElseThrow();
  }
}
