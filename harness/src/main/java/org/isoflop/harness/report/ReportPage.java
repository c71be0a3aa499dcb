package org.isoflop.harness.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.isoflop.harness.analysis.Analysis;

/**
 * Puts the page of one analysis together: the text, figures and tables that there is something to
 * fill with.
 */
final class ReportPage {

  private ReportPage() {}

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
    parts.put("isoflop", ReportSections.isoflop(analysis));
    parts.put("frontier", ReportSections.frontier(analysis));
    parts.put("exponents", ReportSections.exponents(analysis));
    parts.put("surface", ReportSections.surface(analysis));
    parts.put("residuals", ReportSections.residuals(analysis));
    parts.put("rate", ReportSections.rate(analysis));
    parts.put("training", ReportSections.training(input));
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
}
