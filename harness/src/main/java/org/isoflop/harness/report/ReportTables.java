package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.BudgetCurve;
import org.isoflop.harness.analysis.Exponents;
import org.isoflop.harness.analysis.LocalExponent;
import org.isoflop.harness.analysis.LossPoint;
import org.isoflop.harness.analysis.Optimum;

/** The tables of the page, in numbers a person reads. */
final class ReportTables {

  private static final String NONE = "<span class=\"none\">none</span>";

  private ReportTables() {}

  /** One row per budget: the optimum with its intervals, or why there is none. */
  static String optima(Analysis analysis) {
    boolean bits =
        analysis.curves().stream()
            .anyMatch(curve -> curve.optimum().map(o -> o.bitsPerByte().isPresent()).orElse(false));
    List<String> heads =
        new ArrayList<>(
            List.of(
                "Budget <i>C</i>, FLOPs",
                "<i>N</i>*, params",
                "95% interval",
                "<i>D</i>*, tokens",
                "95% interval",
                "<i>D</i>*/<i>N</i>*",
                "Loss, nats per token",
                "95% interval"));
    if (bits) {
      heads.add("Bits per byte");
    }
    List<String> rows = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      String budget = Numbers.flops(curve.budget());
      rows.add(
          curve
              .optimum()
              .map(optimum -> Html.row(optimumCells(budget, optimum, bits)))
              .orElseGet(
                  () ->
                      Html.wideRow(
                          budget,
                          ReportWords.refusal("No optimum", curve.refused()),
                          heads.size() - 1)));
    }
    return Html.table("The optimum of each budget", heads, rows);
  }

  private static List<String> optimumCells(String budget, Optimum optimum, boolean bits) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                budget,
                Numbers.count(optimum.params()),
                Numbers.counts(optimum.paramsInterval()),
                Numbers.count(optimum.tokens()),
                Numbers.counts(optimum.tokensInterval()),
                Numbers.count(optimum.tokens() / optimum.params()),
                Numbers.loss(optimum.loss()),
                Numbers.losses(optimum.lossInterval())));
    if (bits) {
      cells.add(lossOrNone(optimum.bitsPerByte()));
    }
    return cells;
  }

  /** The exponents of the line through all optima, then those between neighbours. */
  static String exponents(Analysis analysis) {
    List<String> heads =
        List.of(
            "Budgets, FLOPs",
            "<i>a</i>, of <i>N</i>*",
            "95% interval",
            "<i>b</i>, of <i>D</i>*",
            "95% interval");
    List<String> rows = new ArrayList<>();
    rows.add(
        analysis
            .isoflop()
            .map(global -> Html.row(globalCells(global)))
            .orElseGet(
                () ->
                    Html.wideRow(
                        "All optima",
                        ReportWords.refusal("No exponents", analysis.refused()),
                        heads.size() - 1)));
    for (LocalExponent local : analysis.local()) {
      rows.add(
          Html.row(
              List.of(
                  Numbers.flops(local.from()) + " to " + Numbers.flops(local.to()),
                  Numbers.exponent(local.a()),
                  Numbers.exponents(local.aInterval()),
                  Numbers.exponent(local.b()),
                  Numbers.exponents(local.bInterval()))));
    }
    return Html.table("Exponents, over all optima and between neighbouring budgets", heads, rows);
  }

  private static List<String> globalCells(Exponents global) {
    return List.of(
        "All optima",
        Numbers.exponent(global.a()),
        Numbers.exponents(global.aInterval()),
        Numbers.exponent(global.b()),
        Numbers.exponents(global.bInterval()));
  }

  /** Every loss point used. */
  static String points(Analysis analysis) {
    boolean bits =
        analysis.curves().stream()
            .flatMap(curve -> curve.points().stream())
            .anyMatch(point -> point.bitsPerByte().isPresent());
    List<String> heads =
        new ArrayList<>(
            List.of(
                "Budget <i>C</i>, FLOPs",
                "<i>N</i>, params",
                "<i>D</i>, tokens",
                "<i>D</i>/<i>N</i>",
                "Loss, nats per token"));
    if (bits) {
      heads.add("Bits per byte");
    }
    List<String> rows = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      for (LossPoint point : curve.points()) {
        List<String> cells =
            new ArrayList<>(
                List.of(
                    Numbers.flops(point.budget()),
                    Numbers.count(point.params()),
                    Numbers.count(point.tokens()),
                    Numbers.count(point.tokens() / point.params()),
                    Numbers.loss(point.loss())));
        if (bits) {
          cells.add(lossOrNone(point.bitsPerByte()));
        }
        rows.add(Html.row(cells));
      }
    }
    return Html.table("The loss points, as they were fitted", heads, rows);
  }

  private static String lossOrNone(OptionalDouble loss) {
    return loss.isPresent() ? Numbers.loss(loss.getAsDouble()) : NONE;
  }
}
