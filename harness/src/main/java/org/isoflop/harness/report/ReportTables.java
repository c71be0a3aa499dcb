package org.isoflop.harness.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.AnalysisTables;
import org.isoflop.harness.analysis.AnalysisTables.Parameter;
import org.isoflop.harness.analysis.RateControl;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.output.ResultTable;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;

/** The tables of a report; one without rows is empty. */
final class ReportTables {

  private ReportTables() {}

  /** The optimum of each budget with its intervals, or why there is none. */
  static String optima(Analysis analysis) {
    return Html.table(
        "The optimum of each budget, 95% intervals beneath",
        AnalysisTables.optima(analysis),
        Map.of("", analysis.curves()),
        curve -> false,
        curve -> curve.refused().map(why -> ReportWords.refusal("No optimum", why)));
  }

  /** What each method says of all budgets, or why it says nothing. */
  static String methods(Analysis analysis) {
    return Html.table(
        "Exponents of all budgets, by method, 95% intervals beneath",
        AnalysisTables.methods(analysis),
        Map.of("", analysis.methods().entrySet()),
        result -> false,
        result -> result.getValue().refused().map(why -> ReportWords.refusal("No exponents", why)));
  }

  /** Exponents over parts of the range. */
  static String local(Analysis analysis) {
    Map<String, List<LocalExponent>> groups = new LinkedHashMap<>();
    for (ExponentKind kind : ExponentKind.ALL) {
      if (!kind.of(analysis).isEmpty()) {
        groups.put(Numbers.capital(kind.words()), kind.of(analysis));
      }
    }
    return Html.table(
        "Exponents over parts of the range, 95% intervals beneath",
        AnalysisTables.parts(
            "",
            part ->
                part.optima()
                    + (analysis.part(Part.LAW_WINDOWS).contains(part) ? " points" : " optima")),
        groups,
        part -> analysis.top().filter(part::equals).isPresent(),
        part -> Optional.empty());
  }

  /** The headline exponents by convention. */
  static String conventions(Analysis analysis) {
    return Html.table(
        "The same points counted in other ways, the way in use in bold, 95% intervals beneath",
        AnalysisTables.conventions(),
        Map.of("", analysis.conventions().entrySet()),
        result -> result.getKey().equals(analysis.convention()),
        result -> result.getValue().refused().map(why -> ReportWords.refusal("No exponents", why)));
  }

  /** What to train at the highest budget and beyond. */
  static String allocation(Analysis analysis) {
    return Html.table(
        "Allocation: what to train at larger budgets",
        AnalysisTables.frontier().page("How far", at -> Numbers.reach(at.decadesBeyond())),
        analysis.frontier().allocation());
  }

  /** The parameters of the law. */
  static String law(Analysis analysis) {
    return analysis
        .law()
        .map(
            law ->
                Html.table(
                        "The parametric law, <i>L</i> = <i>E</i> +"
                            + " <i>A</i>/<i>N</i><sup>\u03b1</sup> +"
                            + " <i>B</i>/<i>D</i><sup>\u03b2</sup>, 95% intervals beneath",
                        parameters(), AnalysisTables.parameters(law))
                    + "<p class=\"note\">Sum of Huber\u2019s loss, \u03b4 = 1e\u22123, of ln"
                    + " <i>L</i>"
                    + " residuals: %s.</p>\n".formatted(Numbers.of(Words.FLOPS, law.objective())))
        .orElse("");
  }

  /** Loss at the optimum against compute. */
  static String lossFrontier(Analysis analysis) {
    return Html.table(
        "Loss at the optimum beyond the budgets, <i>L</i>* = <i>E</i> +"
            + " <i>K</i>\u00b7<i>C</i><sup>\u2212\u03b3</sup>, 95% intervals beneath",
        parameters(), analysis.frontier().loss().map(AnalysisTables::parameters).orElse(List.of()));
  }

  private static ResultTable<Parameter> parameters() {
    return new ResultTable<Parameter>()
        .page("Parameter", parameter -> new Html.Markup(parameter.symbol()))
        .page("What it is", Parameter::meaning)
        .page("Value", Parameter::value, Parameter::words);
  }

  /** One row per cell that was trained at other learning rates too, a column per rate. */
  static String rates(RateControl control) {
    SortedSet<Double> multipliers = new TreeSet<>(Set.of(1.0));
    control.cells().forEach(cell -> multipliers.addAll(cell.others().keySet()));
    ResultTable<RateControl.Cell> table =
        new ResultTable<RateControl.Cell>()
            .page(AnalysisTables.BUDGET, cell -> point(cell).budget(), Words.FLOPS)
            .page("<i>N</i>, params", cell -> point(cell).params(), Words.COUNT);
    for (double multiplier : multipliers) {
      if (multiplier == 1) {
        table.page("Point", RateControl.Cell::loss, Words.LOSS);
      } else {
        table.page(
            "\u00d7 " + Quantities.digits(multiplier),
            cell ->
                Optional.ofNullable(cell.others().get(multiplier))
                    .map(loss -> loss(loss, cell.difference(multiplier))));
      }
    }
    return Html.table(
        "Loss at multiples of the learning rate, above that of the point", table, control.cells());
  }

  private static LossPoint point(RateControl.Cell cell) {
    return cell.points().get(0);
  }

  private static Html.Markup loss(double loss, double difference) {
    return new Html.Markup(
        Double.isInfinite(loss)
            ? "diverged"
            : Html.estimate(
                Numbers.of(Words.DIFFERENCE, difference), Numbers.of(Words.LOSS, loss)));
  }

  /** Every loss point used. */
  static String points(Analysis analysis) {
    Set<LossPoint> outliers = Budgets.outliers(analysis);
    return Html.table(
        "The loss points, as they were read",
        new ResultTable<LossPoint>()
            .page(AnalysisTables.BUDGET, LossPoint::budget, Words.FLOPS)
            .page("<i>N</i>, params", LossPoint::params, Words.COUNT)
            .page("<i>D</i>, tokens", LossPoint::tokens, Words.COUNT)
            .page("<i>D</i>/<i>N</i>", point -> point.tokens() / point.params(), Words.COUNT)
            .page(AnalysisTables.LOSS, LossPoint::loss, Words.LOSS)
            .page("Bits per byte", LossPoint::bitsPerByte, Words.LOSS)
            .page(
                "Used by the curves",
                point ->
                    outliers.isEmpty()
                        ? Optional.empty()
                        : Optional.of(outliers.contains(point) ? "left out" : "yes")),
        analysis.curves().stream().map(BudgetCurve::points).flatMap(List::stream).toList());
  }
}
