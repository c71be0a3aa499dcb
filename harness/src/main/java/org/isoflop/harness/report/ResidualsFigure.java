package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.report.Canvas.Pen;

/** How far the points lie from the curves and from the law, against N. */
final class ResidualsFigure {

  private ResidualsFigure() {}

  /** Returns the figure, where there is any residual to draw. */
  static Optional<Figure> of(Analysis analysis) {
    List<Plot> plots =
        Stream.of(
                plot(analysis, "Residuals of the curves", PointResidual::curve),
                plot(analysis, "Residuals of the parametric law", PointResidual::law))
            .flatMap(Optional::stream)
            .toList();
    return plots.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Figure(
                "residuals",
                "Residuals",
                "Logarithm of each point's loss over the fitted loss, against parameters, coloured"
                    + " by budget.",
                plots,
                340,
                new Budgets(analysis).legend(),
                caption(analysis)));
  }

  private static String caption(Analysis analysis) {
    long outliers = analysis.residuals().stream().filter(PointResidual::outlier).count();
    return "How far each point lies from the fit, against its size: 0.01 is 1% of the loss. A"
        + " pattern in it is what the fit does not describe."
        + (outliers == 0
            ? ""
            : " Crosses: "
                + Quantities.plural(outliers, "point")
                + " that the curves leave out, as far too high or off their budgets; one beyond the"
                + " frame stands at its edge.")
        + analysis
            .checks()
            .noise()
            .sentence()
            .map(said -> " Noise, standard deviation of the loss: " + Html.text(said) + ".")
            .orElse("");
  }

  private static Optional<Plot> plot(
      Analysis analysis, String title, Function<PointResidual, OptionalDouble> residual) {
    List<PointResidual> known =
        analysis.residuals().stream().filter(one -> residual.apply(one).isPresent()).toList();
    if (known.isEmpty()) {
      return Optional.empty();
    }
    DoubleStream kept =
        known.stream()
            .filter(one -> !one.outlier())
            .mapToDouble(one -> residual.apply(one).getAsDouble());
    Plot plot =
        new Plot(
            title,
            Axis.log(
                "Parameters N",
                known.stream().mapToDouble(one -> one.point().params()),
                0.04,
                7,
                Quantities::count),
            Axis.linear("ln (loss / fit)", DoubleStream.concat(DoubleStream.of(0), kept), 0.08, 8));
    plot.layer("", Ink.SOFT).level(0, Pen.INTERVAL, "");
    Budgets budgets = new Budgets(analysis);
    List<Plot.Layer> layers = new ArrayList<>();
    for (int i = 0; i < budgets.count(); i++) {
      layers.add(plot.layer(budgets.layer(i), budgets.ink(i)));
    }
    for (PointResidual one : known) {
      double value = residual.apply(one).getAsDouble();
      int index = budgets.nearest(one.point().budget());
      String share =
          Numbers.minus(Quantities.format("%+.2f%% of the fit", 100 * Math.expm1(value)));
      layers
          .get(index)
          .mark(
              one.outlier() ? Symbol.LEFT_OUT : Symbol.POINT,
              one.point().params(),
              value,
              budgets.tip(index, one.point(), List.of(share)));
    }
    return Optional.of(plot);
  }
}
