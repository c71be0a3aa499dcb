package org.isoflop.harness.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.report.Canvas.Pen;

/** Loss against parameters, one curve per budget, with fits and optima. */
final class IsoflopFigure {

  private IsoflopFigure() {}

  static Figure of(Analysis analysis) {
    Budgets budgets = new Budgets(analysis);
    DoubleStream losses =
        DoubleStream.concat(
            budgets.points().filter(p -> !budgets.isOutlier(p)).mapToDouble(LossPoint::loss),
            analysis.curves().stream()
                .flatMap(curve -> curve.optimum().stream())
                .mapToDouble(optimum -> optimum.loss().value()));
    Plot plot =
        new Plot(
            "",
            Axis.log(
                "Parameters N",
                budgets.points().mapToDouble(LossPoint::params),
                0.04,
                10,
                Quantities::count),
            Axis.linear("Validation loss (nats per token)", losses, 0.06, 8));
    for (int i = 0; i < budgets.count(); i++) {
      curve(plot.layer(budgets.layer(i), budgets.ink(i)), budgets, i);
    }
    for (int i = 0; i < budgets.count(); i++) {
      int index = i;
      budgets.curve(i).optimum().ifPresent(found -> optimum(plot, budgets, index, found));
    }
    return new Figure(
        "isoflop",
        "IsoFLOP curves",
        alt(analysis),
        List.of(plot),
        420,
        budgets.legend(),
        caption(analysis) + refusals(analysis));
  }

  private static void curve(Plot.Layer layer, Budgets budgets, int index) {
    BudgetCurve curve = budgets.curve(index);
    List<LossPoint> kept = curve.points().stream().filter(p -> !budgets.isOutlier(p)).toList();
    boolean refused = curve.optimum().isEmpty();
    if (refused) {
      layer.line(kept, LossPoint::params, LossPoint::loss, Pen.THIN_DASHED, "");
    } else {
      layer.line(
          curve.optimum().get().curve(),
          Optimum.CurvePoint::params,
          Optimum.CurvePoint::loss,
          Pen.LINE,
          "");
    }
    for (LossPoint point : curve.points()) {
      layer.mark(
          budgets.isOutlier(point) ? Symbol.LEFT_OUT : refused ? Symbol.HOLLOW : Symbol.POINT,
          point.params(),
          point.loss(),
          budgets.tip(index, point, refused ? List.of("no optimum at this budget") : List.of()));
    }
  }

  private static void optimum(Plot plot, Budgets budgets, int index, Optimum optimum) {
    plot.layer(budgets.layer(index), Ink.BLACK)
        .lying(optimum.loss().value(), optimum.params().interval());
    plot.layer(budgets.layer(index), budgets.ink(index))
        .mark(
            Symbol.OPTIMUM,
            optimum.params().value(),
            optimum.loss().value(),
            String.join(
                "\n",
                "Optimum at " + budgets.name(index),
                count("N*", optimum.params()),
                count("D*", optimum.tokens()),
                Numbers.of(Words.LOSS, optimum.loss().value()) + " nats per token"));
  }

  private static String count(String symbol, Estimate found) {
    return symbol
        + " = "
        + Quantities.count(found.value())
        + " ("
        + Numbers.of(Words.COUNT, found.interval())
        + ")";
  }

  /** What the first figure shows, in plain text for who cannot see it. */
  private static String alt(Analysis analysis) {
    return "Validation loss against parameters, one curve per budget. "
        + analysis.curves().stream()
            .map(
                curve ->
                    curve
                        .optimum()
                        .map(
                            o ->
                                "At %s FLOPs the lowest fitted loss is %s at %s parameters."
                                    .formatted(
                                        Quantities.flops(curve.budget()),
                                        Numbers.of(Words.LOSS, o.loss().value()),
                                        Quantities.count(o.params().value())))
                        .orElse(
                            "At %s FLOPs there is no optimum."
                                .formatted(Quantities.flops(curve.budget()))))
            .collect(Collectors.joining(" "));
  }

  /** What the marks of the first figure mean, of those that are there. */
  private static String caption(Analysis analysis) {
    boolean optima = analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent());
    boolean refused = analysis.curves().stream().anyMatch(curve -> curve.refused().isPresent());
    return "Validation loss of the models trained at each budget, against their size. "
        + (optima
            ? "Lines: the curve fitted to the filled points, over the sizes measured; diamonds: its"
                + " lowest place, with the 95% interval of <i>N</i>*. "
            : "")
        + (refused ? "Hollow points on a dashed line: a budget without an optimum. " : "")
        + (Budgets.outliers(analysis).isEmpty()
            ? ""
            : "Crosses: points far too high, which the curves leave out; one above the frame stands"
                + " at its edge.");
  }

  /** Why budgets have no optimum, as a list; empty where all have one. */
  private static String refusals(Analysis analysis) {
    String items =
        analysis.curves().stream()
            .filter(curve -> curve.refused().isPresent())
            .map(
                curve ->
                    "<li>"
                        + ReportWords.refusal(
                            "<b>%s FLOPs</b> has no optimum"
                                .formatted(Quantities.flops(curve.budget())),
                            curve.refused().orElseThrow())
                        + "</li>\n")
            .collect(Collectors.joining());
    return items.isEmpty() ? "" : "<ul class=\"refusals\">\n" + items + "</ul>\n";
  }
}
