package org.isoflop.harness.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.output.ResultTable;
import org.isoflop.harness.analysis.output.Words;

/**
 * Puts the page of several data sets together: two figures and two tables, and before them, where
 * they are held against a baseline, what that says.
 */
final class ComparePage {

  private ComparePage() {}

  /** Returns the whole page, with links to the reports that stand in the folder. */
  static String render(
      String title, List<ReportInput> sets, List<ContrastSection> contrasts, Path folder) {
    List<String> names = sets.stream().map(set -> name(set.title(), folder)).toList();
    String body =
        Template.fill(
            "compare.html",
            Map.of(
                "title", Html.text(title),
                "contrasts",
                    contrasts.stream().map(ContrastSection::html).collect(Collectors.joining()),
                "gain", GainFigure.of(contrasts).map(Figure::section).orElse(""),
                "optima", CompareFigure.optima(sets).section(),
                "exponents", CompareFigure.exponents(sets).map(Figure::section).orElse(""),
                "sets-table", setsTable(sets, names),
                "methods-table", methodsTable(sets, names)));
    return Template.page(
        Html.text(title) + ": IsoFLOP comparison", Ink.css(sets.size(), Ink::set), body);
  }

  private static String name(String title, Path folder) {
    try {
      if (!Files.isRegularFile(folder.resolve(title).resolve("report.html"))) {
        return Html.text(title);
      }
    } catch (InvalidPathException e) {
      return Html.text(title); // No path of this system, so no report can stand there.
    }
    String encoded = URLEncoder.encode(title, StandardCharsets.UTF_8).replace("+", "%20");
    return "<a href=\"%s/report.html\">%s</a>".formatted(encoded, Html.text(title));
  }

  private static String setsTable(List<ReportInput> sets, List<String> names) {
    return Html.table(
        "Exponents of each set, 95% intervals beneath",
        named(sets, names)
            .page("Budgets, FLOPs", ComparePage::range)
            .page("Optima", ComparePage::optima)
            .page("<i>a</i> at the top", of(a -> top(a).map(Exponents::a)), Words.EXPONENT)
            .page("<i>b</i> at the top", of(a -> top(a).map(Exponents::b)), Words.EXPONENT)
            .page("<i>a</i>, all optima", of(a -> a.isoflop().map(Exponents::a)), Words.EXPONENT)
            .page("<i>b</i>, all optima", of(a -> a.isoflop().map(Exponents::b)), Words.EXPONENT)
            .page("One line will do", of(a -> a.straightness().map(ComparePage::linearity)))
            .page("Warnings", of(a -> a.warnings().size())),
        sets);
  }

  private static ResultTable<ReportInput> named(List<ReportInput> sets, List<String> names) {
    return new ResultTable<ReportInput>()
        .page("Set", set -> new Html.Markup(names.get(sets.indexOf(set))));
  }

  private static Function<ReportInput, Object> of(Function<Analysis, Object> value) {
    return set -> value.apply(set.analysis());
  }

  private static Optional<Exponents> top(Analysis analysis) {
    return analysis.top().map(LocalExponent::exponents);
  }

  private static String range(ReportInput set) {
    List<BudgetCurve> curves = set.analysis().curves();
    return Quantities.range(curves.get(0).budget(), curves.get(curves.size() - 1).budget());
  }

  private static String optima(ReportInput set) {
    List<BudgetCurve> curves = set.analysis().curves();
    long optima = curves.stream().filter(curve -> curve.optimum().isPresent()).count();
    return optima + " of " + curves.size();
  }

  private static Html.Markup linearity(LinearityTest found) {
    return new Html.Markup(
        Html.estimate(
            found.straight() ? "yes" : "no",
            "<i>p</i> " + Html.text(Numbers.probability(found.pValue()))));
  }

  private static String methodsTable(List<ReportInput> sets, List<String> names) {
    ResultTable<ReportInput> table = named(sets, names);
    for (Method method : Method.values()) {
      if (sets.stream().anyMatch(set -> set.analysis().methods().containsKey(method))) {
        table.page(
            Html.text(Numbers.capital(method.words())).replace(" (", "<br>("),
            of(analysis -> analysis.exponents(method).map(Exponents::a)),
            Words.EXPONENT);
      }
    }
    return Html.table("<i>a</i> of all budgets, by method, 95% intervals beneath", table, sets);
  }
}
