package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Bias;
import org.isoflop.harness.analysis.ConventionResult;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LocalExponent;

/** The tables of exponents: by method, over parts of the range, by convention. */
final class ExponentTables {

  private static final String A = "<i>a</i>, of <i>N</i>*";
  private static final String B = "<i>b</i>, of <i>D</i>*";

  private ExponentTables() {}

  /** What each method says of all budgets, or why it says nothing. */
  static String methods(Analysis analysis) {
    if (analysis.methods().isEmpty()) {
      return "";
    }
    boolean bias = !analysis.bias().isEmpty();
    List<String> heads = new ArrayList<>(List.of("Method", A, B));
    if (bias) {
      heads.add("Bias of <i>a</i><br>if the law were true");
      heads.add("Bias of <i>b</i><br>if the law were true");
    }
    List<String> rows = new ArrayList<>();
    for (MethodResult result : analysis.methods()) {
      String name = Html.text(Numbers.capital(result.method().words()));
      Optional<Exponents> exponents = result.exponents();
      if (exponents.isEmpty()) {
        rows.add(
            Html.wideRow(
                name,
                ReportWords.refusal("No exponents", result.refused().orElseThrow()),
                heads.size() - 1));
        continue;
      }
      List<String> cells = new ArrayList<>(List.of(name));
      cells.addAll(exponents(exponents.get()));
      if (bias) {
        Optional<Bias> found =
            analysis.bias().stream().filter(b -> b.method() == result.method()).findFirst();
        cells.add(found.map(b -> Numbers.difference(b.a())).orElse(Html.UNCHECKED));
        cells.add(found.map(b -> Numbers.difference(b.b())).orElse(Html.UNCHECKED));
      }
      rows.add(Html.row(cells));
    }
    return Html.table("Exponents of all budgets, by method, 95% intervals beneath", heads, rows);
  }

  /** Exponents over parts of the range; empty where there are none. */
  static String local(Analysis analysis) {
    List<String> heads = List.of("Budgets, FLOPs", "Rests on", A, B);
    List<String> rows = new ArrayList<>();
    for (ExponentKind kind : ExponentKind.ALL) {
      List<LocalExponent> found = kind.of(analysis);
      if (!found.isEmpty()) {
        rows.add(Html.groupRow(Numbers.capital(kind.words()), heads.size()));
      }
      for (LocalExponent local : found) {
        List<String> cells =
            new ArrayList<>(
                List.of(
                    Quantities.flops(local.from()) + " to " + Quantities.flops(local.to()),
                    kind.support(local)));
        cells.addAll(exponents(local.exponents()));
        rows.add(kind.equals(ExponentKind.TOP) ? Html.markedRow(cells) : Html.row(cells));
      }
    }
    return rows.isEmpty()
        ? ""
        : Html.table("Exponents over parts of the range, 95% intervals beneath", heads, rows);
  }

  /** The headline exponents by convention; empty where only one was tried. */
  static String conventions(Analysis analysis) {
    List<String> heads = List.of("Params", "FLOPs", A, B);
    List<String> rows = new ArrayList<>();
    for (ConventionResult result : analysis.conventions()) {
      boolean used = result.convention().equals(analysis.convention());
      String params =
          Numbers.capital(ReportWords.params(result.convention()))
              + (used ? " <span class=\"mark\">in use</span>" : "");
      String flops = ReportWords.flops(result.convention());
      if (result.exponents().isEmpty()) {
        rows.add(
            Html.wideRow(
                params + ", " + flops,
                ReportWords.refusal("No exponents", result.refused().orElseThrow()),
                heads.size() - 1));
        continue;
      }
      List<String> cells = new ArrayList<>(List.of(params, flops));
      cells.addAll(exponents(result.exponents().get()));
      rows.add(used ? Html.markedRow(cells) : Html.row(cells));
    }
    return rows.isEmpty()
        ? ""
        : Html.wordsTable(
            "The same points counted in other ways, 95% intervals beneath", heads, rows);
  }

  private static List<String> exponents(Exponents found) {
    return List.of(Html.exponent(found.a()), Html.exponent(found.b()));
  }
}
