package org.isoflop.harness.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;

/**
 * Puts the page of one analysis together: the text, figures and tables that there is something to
 * fill with.
 */
final class ReportPage {

  private ReportPage() {}

  /** Returns the figures by name, of which an analysis may lack some. */
  static Map<String, Optional<Figure>> figures(ReportInput input) {
    Analysis analysis = input.analysis();
    return Map.of(
        "isoflop", Optional.of(IsoflopFigure.of(analysis)),
        "frontier", Optional.of(FrontierFigure.of(analysis)),
        "exponents", ExponentsFigure.of(analysis),
        "surface", SurfaceFigure.of(analysis),
        "residuals", ResidualsFigure.of(analysis),
        "training", TrainingFigure.of(input));
  }

  /** Returns the whole page. */
  static String render(ReportInput input) {
    Analysis analysis = input.analysis();
    int budgets = analysis.curves().size();
    return Template.page(
        Html.text(input.title()) + ": IsoFLOP report",
        Ink.css(budgets, i -> Ink.budget(i, budgets)),
        body(input));
  }

  private static String body(ReportInput input) {
    Analysis analysis = input.analysis();
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(input.title()));
    parts.put("warnings", ReportWords.warnings(analysis.warnings()));
    parts.put("notes", ReportWords.notes(analysis.notes()));
    parts.put("headline", Headline.html(analysis));
    parts.put("facts", ReportWords.facts(input.facts()));
    figures(input)
        .forEach((name, figure) -> parts.put(name, figure.map(Figure::section).orElse("")));
    if (parts.get("surface").isEmpty()) {
      parts.put("surface", SurfaceFigure.refused(analysis).orElse(""));
    }
    parts.put("rate", rate(analysis));
    parts.put("optima-table", ReportTables.optima(analysis));
    parts.put("methods-table", ReportTables.methods(analysis));
    parts.put("local-table", ReportTables.local(analysis));
    parts.put("conventions-table", ReportTables.conventions(analysis));
    parts.put("allocation-table", ReportTables.allocation(analysis));
    parts.put("law-table", ReportTables.law(analysis));
    parts.put("loss-table", ReportTables.lossFrontier(analysis));
    parts.put("points-table", ReportTables.points(analysis));
    parts.put(
        "points-count",
        Integer.toString(analysis.curves().stream().mapToInt(c -> c.points().size()).sum()));
    return Template.fill("report.html", parts);
  }

  /** How far the learning rate is from its best, where cells were trained at others too. */
  private static String rate(Analysis analysis) {
    return analysis
        .checks()
        .rateControl()
        .map(
            found ->
                Template.fill(
                    "rate.html",
                    Map.of(
                        "sentence",
                        Html.text(
                            found.multiplier().isPresent()
                                ? "The rate is " + found.sentence()
                                : Numbers.capital(found.sentence())),
                        "table",
                        ReportTables.rates(found),
                        "noise",
                        found.noise().map(Quantities::percent).orElse("unknown"))))
        .orElse("");
  }
}
