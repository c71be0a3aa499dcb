package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.report.Legend.Swatch;

/** How the budgets of an analysis look in every figure: their colours, layers, keys and points. */
final class Budgets {

  static final String TITLE = "Budget C, FLOPs";

  private final List<BudgetCurve> curves;
  private final Set<LossPoint> outliers;

  Budgets(Analysis analysis) {
    curves = analysis.curves();
    outliers = outliers(analysis);
  }

  /** Returns the points that the curves leave out: crosses, and never what an axis is made for. */
  static Set<LossPoint> outliers(Analysis analysis) {
    return analysis.residuals().stream()
        .filter(PointResidual::outlier)
        .map(PointResidual::point)
        .collect(Collectors.toUnmodifiableSet());
  }

  int count() {
    return curves.size();
  }

  BudgetCurve curve(int index) {
    return curves.get(index);
  }

  /** Returns all loss points. */
  Stream<LossPoint> points() {
    return curves.stream().flatMap(curve -> curve.points().stream());
  }

  boolean isOutlier(LossPoint point) {
    return outliers.contains(point);
  }

  /** Returns the layer that holds all of a budget. */
  String layer(int index) {
    return "budget-" + index;
  }

  Ink ink(int index) {
    return Ink.budget(index, curves.size());
  }

  String name(int index) {
    return Quantities.flops(curves.get(index).budget()) + " FLOPs";
  }

  Legend legend() {
    return new Legend(TITLE, keys());
  }

  /** Returns a key for each budget, hollow where it has no optimum. */
  List<Swatch> keys() {
    return IntStream.range(0, curves.size())
        .mapToObj(
            i -> {
              boolean refused = curves.get(i).refused().isPresent();
              return Swatch.mark(
                  layer(i),
                  Quantities.flops(curves.get(i).budget()) + (refused ? ", no optimum" : ""),
                  ink(i),
                  refused ? Symbol.HOLLOW : Symbol.POINT);
            })
        .toList();
  }

  /** Returns the budget nearest to one that points or jobs state, perhaps a little off. */
  int nearest(double budget) {
    return IntStream.range(0, curves.size())
        .boxed()
        .min(Comparator.comparingDouble(i -> Math.abs(Math.log(curves.get(i).budget() / budget))))
        .orElseThrow();
  }

  /** Returns what a loss point is, with what else there is to say of it. */
  String tip(int index, LossPoint point, List<String> more) {
    List<String> lines = new ArrayList<>();
    lines.add(name(index));
    lines.add("N = " + Quantities.count(point.params()) + " params");
    lines.add("D = " + Quantities.count(point.tokens()) + " tokens");
    lines.add(Numbers.of(Words.LOSS, point.loss()) + " nats per token");
    point
        .bitsPerByte()
        .ifPresent(bits -> lines.add(Numbers.of(Words.LOSS, bits) + " bits per byte"));
    lines.addAll(more);
    if (isOutlier(point)) {
      lines.add("left out by the curves");
    }
    return String.join("\n", lines);
  }
}
