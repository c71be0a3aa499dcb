package org.isoflop.harness.analysis;

import static org.isoflop.harness.ScreenLines.wrap;
import static org.isoflop.harness.analysis.ScreenText.blank;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.stats.Estimate;

/** The tables of the {@link AnalysisSummary}. */
final class SummaryTables {

  /** What one screen has room for: more optima than this are in the files, the highest here. */
  static final int FEW = 8;

  /** Of refused budgets, whose reasons take two lines each, a screen has room for half as many. */
  private static final int REFUSED_SHARE = 2;

  private static final Set<Method> APPROACHES =
      Set.of(Method.ISOFLOP, Method.PARAMETRIC, Method.ENVELOPE);

  private SummaryTables() {}

  /** Returns the label of the reason why a method gives no exponents. */
  static String refused(Method method) {
    return refused(method.words());
  }

  private static String refused(String methods) {
    return methods + " refused:";
  }

  /**
   * Adds the optimum of every budget, or why it has none.
   *
   * @param most so many of the highest optima, and half as many reasons
   */
  static void optima(Analysis analysis, int most, List<String> lines) {
    List<BudgetCurve> curves = analysis.curves();
    long refused = curves.stream().filter(curve -> curve.refused().isPresent()).count();
    long below = Math.max(0, curves.size() - refused - most);
    boolean some = refused < curves.size();
    boolean bits =
        curves.stream()
            .flatMap(curve -> curve.optimum().stream())
            .anyMatch(optimum -> optimum.bitsPerByte().isPresent());
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("C", "N*", "", "D*", "", "D*/N*", "loss", bits ? "bits/byte" : ""));
    curves.forEach(curve -> rows.add(row(curve)));
    List<String> table = ScreenText.table("rrlrlrrr", rows);
    if (some) {
      lines.add(table.get(0));
    }
    long left = below;
    for (int k = 0; k < curves.size(); k++) {
      String row = table.get(k + 1);
      if (curves.get(k).optimum().isPresent()) {
        left--;
        if (left < 0) {
          lines.add(row);
        }
      } else if (refused <= most / REFUSED_SHARE) {
        wrap(row + "  no optimum:", curves.get(k).refused().orElseThrow(), lines);
      }
    }
    if (below > 0) {
      lines.add(Quantities.format("  %d lower ones are in optima.csv", below));
    }
    if (refused > most / REFUSED_SHARE) {
      wrap(
          "",
          Quantities.format(
              "No optimum at %s%d budgets; optima.csv says why for each.",
              some ? "" : "any of ", refused),
          lines);
    }
  }

  private static List<String> row(BudgetCurve curve) {
    String budget = Quantities.flops(curve.budget());
    if (curve.optimum().isEmpty()) {
      return List.of(budget);
    }
    Optimum optimum = curve.optimum().get();
    return List.of(
        budget,
        Quantities.count(optimum.params().value()),
        ScreenText.countInterval(optimum.params().interval()),
        Quantities.count(optimum.tokens().value()),
        ScreenText.countInterval(optimum.tokens().interval()),
        Quantities.count(optimum.tokens().value() / optimum.params().value()),
        ScreenText.loss(optimum.loss().value()),
        optimum.bitsPerByte().isPresent()
            ? ScreenText.loss(optimum.bitsPerByte().getAsDouble())
            : "");
  }

  /** Adds the exponents between neighbours and, beside them, over windows. */
  static void local(Analysis analysis, List<String> lines) {
    List<LocalExponent> neighbours = analysis.local();
    boolean byLaw = analysis.windows().isEmpty();
    List<LocalExponent> windows = byLaw ? analysis.lawWindows() : analysis.windows();
    List<LocalExponent> left = neighbours.isEmpty() ? windows : neighbours;
    List<LocalExponent> right = neighbours.isEmpty() ? List.of() : windows;
    if (left.isEmpty()) {
      return;
    }
    String ofWindows = byLaw ? "windows, by the law" : "windows";
    List<List<String>> rows = new ArrayList<>();
    rows.add(header(neighbours.isEmpty() ? ofWindows : "neighbours", right.isEmpty(), ofWindows));
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      List<String> row = new ArrayList<>(i < left.size() ? row(left.get(i)) : blank(3));
      if (i < right.size()) {
        row.addAll(row(right.get(i)));
      }
      rows.add(row);
    }
    lines.add("");
    lines.addAll(ScreenText.table("lrllrl", rows));
  }

  private static List<String> header(String left, boolean alone, String right) {
    List<String> cells = new ArrayList<>(List.of(left, "a of N*", ""));
    if (!alone) {
      cells.addAll(List.of(right, "a of N*", ""));
    }
    return cells;
  }

  private static List<String> row(LocalExponent part) {
    List<String> cells = new ArrayList<>(List.of(ScreenText.range(part.from(), part.to())));
    cells.addAll(cells(part.exponents().a()));
    return cells;
  }

  /** Adds what the three approaches of Hoffmann et al. 2022 say of all budgets. */
  static void approaches(Analysis analysis, List<String> lines) {
    exponents(
        analysis.methods().stream().filter(found -> APPROACHES.contains(found.method())).toList(),
        List.of(),
        lines);
  }

  /**
   * Adds what every method says of all budgets, then the headline in every other convention that
   * the points allow.
   */
  static void methods(Analysis analysis, List<String> lines) {
    List<List<String>> conventions = new ArrayList<>();
    for (ConventionResult result : analysis.conventions()) {
      if (!result.convention().equals(analysis.convention())) {
        String words = "approach 2, " + result.convention().words();
        conventions.add(
            row(words, result.exponents().map(SummaryTables::cells).orElse(List.of("refused"))));
      }
    }
    exponents(analysis.methods(), conventions, lines);
  }

  /**
   * Adds a row for every method with exponents, and the reasons of the others. Methods refused
   * alike share their sentence. The headline's own reason stands at the top of the screen already,
   * and that there is no envelope where there are no training curves goes without saying.
   */
  private static void exponents(
      List<MethodResult> methods, List<List<String>> more, List<String> lines) {
    Map<String, String> refused = new LinkedHashMap<>();
    List<List<String>> rows = new ArrayList<>();
    for (MethodResult result : methods) {
      String words = result.method().words();
      result.exponents().ifPresent(found -> rows.add(row(words, cells(found))));
      if (result.method() != Method.ISOFLOP && result.method() != Method.ENVELOPE) {
        result
            .refused()
            .ifPresent(why -> refused.merge(why, words, (one, two) -> one + ", " + two));
      }
    }
    rows.addAll(more);
    if (rows.isEmpty() && refused.isEmpty()) {
      return;
    }
    lines.add("");
    if (!rows.isEmpty()) {
      rows.add(0, List.of("all budgets, N* ~ C^a and D* ~ C^b", "a", "", "b", ""));
      lines.addAll(ScreenText.table("lrlrl", rows));
    }
    refused.forEach((why, words) -> wrap("  " + refused(words), why, lines));
  }

  private static List<String> row(String words, List<String> more) {
    List<String> cells = new ArrayList<>(List.of(words));
    cells.addAll(more);
    return cells;
  }

  private static List<String> cells(Exponents found) {
    List<String> cells = new ArrayList<>(cells(found.a()));
    cells.addAll(cells(found.b()));
    return cells;
  }

  private static List<String> cells(Estimate found) {
    return List.of(
        Quantities.exponent(found.value()),
        ScreenText.interval(found.interval(), Quantities::exponent));
  }
}
