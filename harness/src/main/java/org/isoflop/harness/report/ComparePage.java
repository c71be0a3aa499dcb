package org.isoflop.harness.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Straightness;

/**
 * Puts the page of several data sets together: two figures and two tables, and before them, where
 * they are held against a baseline, what that says.
 */
final class ComparePage {

  private static final List<String> SCRIPTS =
      List.of("axes.js", "marks.js", "compare.js", "gain.js", "page.js");

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
                "gain", gain(sets, contrasts),
                "legend", legend(sets),
                "exponents", exponentsFigure(sets),
                "sets-table", setsTable(sets, names),
                "methods-table", methodsTable(sets, names)));
    return Template.page(
        Html.text(title) + ": IsoFLOP comparison",
        Palette.css("set", sets.size(), Palette::setOnLight, Palette::setOnDark),
        body,
        ReportData.inScript(title, sets, contrasts),
        SCRIPTS);
  }

  private static String legend(List<ReportInput> sets) {
    return legend(sets, 0);
  }

  private static String legend(List<ReportInput> sets, int first) {
    return Html.legend(
        IntStream.range(first, sets.size())
            .mapToObj(
                i -> Html.hiding("set:" + i, "chip", "var(--set-" + i + ")", sets.get(i).title()))
            .toList());
  }

  private static String gain(List<ReportInput> sets, List<ContrastSection> contrasts) {
    return GainFigure.of(contrasts).isEmpty()
        ? ""
        : Template.fill(
            "gain.html",
            Map.of(
                "legend",
                contrasts.size() > 1 ? legend(sets, 1) : "",
                "baseline",
                Html.text(contrasts.get(0).baseline())));
  }

  private static String exponentsFigure(List<ReportInput> sets) {
    boolean any =
        sets.stream()
            .map(ReportInput::analysis)
            .anyMatch(a -> a.top().isPresent() || !CompareFigure.local(a).isEmpty());
    return any
        ? Template.fill(
            "compare-exponents.html",
            Map.of("toggle", ReportSections.letters(), "legend", legend(sets)))
        : "";
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
    List<String> heads =
        List.of(
            "Set",
            "Budgets, FLOPs",
            "Optima",
            "<i>a</i> at the top",
            "<i>b</i> at the top",
            "<i>a</i>, all optima",
            "<i>b</i>, all optima",
            "One line will do",
            "Warnings");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      Analysis analysis = sets.get(i).analysis();
      List<BudgetCurve> curves = analysis.curves();
      long optima = curves.stream().filter(curve -> curve.optimum().isPresent()).count();
      rows.add(
          Html.row(
              List.of(
                  names.get(i),
                  Quantities.flops(curves.get(0).budget())
                      + " to "
                      + Quantities.flops(curves.get(curves.size() - 1).budget()),
                  optima + " of " + curves.size(),
                  analysis.top().map(top -> Html.exponent(top.exponents().a())).orElse(Html.NONE),
                  analysis.top().map(top -> Html.exponent(top.exponents().b())).orElse(Html.NONE),
                  analysis.isoflop().map(found -> Html.exponent(found.a())).orElse(Html.NONE),
                  analysis.isoflop().map(found -> Html.exponent(found.b())).orElse(Html.NONE),
                  analysis.straightness().map(ComparePage::linearity).orElse(Html.NONE),
                  Integer.toString(analysis.warnings().size()))));
    }
    return Html.table("Exponents of each set, 95% intervals beneath", heads, rows);
  }

  private static String linearity(Straightness found) {
    return Html.estimate(
        found.straight() ? "yes" : "no",
        "<i>p</i> " + Html.text(Numbers.probability(found.pValue())));
  }

  private static String methodsTable(List<ReportInput> sets, List<String> names) {
    Set<Method> methods =
        sets.stream()
            .flatMap(set -> set.analysis().methods().stream())
            .map(MethodResult::method)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Method.class)));
    List<String> heads = new ArrayList<>(List.of("Set"));
    methods.forEach(
        method -> heads.add(Html.text(Numbers.capital(method.words())).replace(" (", "<br>(")));
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      Analysis analysis = sets.get(i).analysis();
      List<String> cells = new ArrayList<>(List.of(names.get(i)));
      for (Method method : methods) {
        cells.add(
            analysis.exponents(method).map(found -> Html.exponent(found.a())).orElse(Html.NONE));
      }
      rows.add(Html.row(cells));
    }
    return Html.table("<i>a</i> of all budgets, by method, 95% intervals beneath", heads, rows);
  }
}
