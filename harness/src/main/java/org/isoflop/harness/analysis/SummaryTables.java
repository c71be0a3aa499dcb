package org.isoflop.harness.analysis;

import static org.isoflop.harness.analysis.ScreenText.blank;
import static org.isoflop.harness.analysis.ScreenText.wrap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.stats.Estimate;

/** The tables of the {@link AnalysisSummary}, each kept to what one screen has room for. */
final class SummaryTables {

  /** More refused budgets, or more local exponents, than this are counted, not listed. */
  private static final int LISTED = 8;

  private SummaryTables() {}

  /** Adds the optimum of every budget, or why it has none. */
  static void optima(Analysis analysis, List<String> lines) {
    List<BudgetCurve> curves = analysis.curves();
    long refused = curves.stream().filter(curve -> curve.refused().isPresent()).count();
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
    for (int k = 0; k < curves.size(); k++) {
      String row = table.get(k + 1);
      if (curves.get(k).optimum().isPresent()) {
        lines.add(row);
      } else if (refused <= LISTED) {
        wrap(row + "  no optimum:", curves.get(k).refused().orElseThrow(), lines);
      }
    }
    if (refused > LISTED) {
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

  /** Adds the exponents between neighbours and, beside them, over windows; the highest of each. */
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
    List<LocalExponent> highestLeft = highest(left);
    List<LocalExponent> highestRight = highest(right);
    for (int i = 0; i < Math.max(highestLeft.size(), highestRight.size()); i++) {
      List<String> row =
          new ArrayList<>(i < highestLeft.size() ? row(highestLeft.get(i)) : blank(3));
      if (i < highestRight.size()) {
        row.addAll(row(highestRight.get(i)));
      }
      rows.add(row);
    }
    lines.add("");
    lines.addAll(ScreenText.table("lrllrl", rows));
    int more = Math.max(left.size() - highestLeft.size(), right.size() - highestRight.size());
    if (more > 0) {
      lines.add("  " + more + " lower ones are in exponents.csv");
    }
  }

  private static List<String> header(String left, boolean alone, String right) {
    List<String> cells = new ArrayList<>(List.of(left, "a of N*", ""));
    if (!alone) {
      cells.addAll(List.of(right, "a of N*", ""));
    }
    return cells;
  }

  private static List<LocalExponent> highest(List<LocalExponent> parts) {
    return parts.subList(Math.max(0, parts.size() - LISTED), parts.size());
  }

  private static List<String> row(LocalExponent part) {
    List<String> cells = new ArrayList<>(List.of(ScreenText.range(part.from(), part.to())));
    cells.addAll(cells(part.exponents().a()));
    return cells;
  }

  /**
   * Adds what every method says of all budgets, then the headline in every other convention that
   * the points allow. Methods refused alike share their sentence; that there is no envelope where
   * there are no training curves goes without saying on a screen.
   */
  static void methods(Analysis analysis, List<String> lines) {
    Map<String, String> refused = new LinkedHashMap<>();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("all budgets, N* ~ C^a and D* ~ C^b", "a", "", "b", ""));
    for (MethodResult result : analysis.methods()) {
      if (result.method() == Method.ENVELOPE && result.refused().isPresent()) {
        continue;
      }
      String words = result.method().words();
      result.exponents().ifPresent(found -> rows.add(row(words, cells(found))));
      result.refused().ifPresent(why -> refused.merge(why, words, (one, two) -> one + "; " + two));
    }
    for (ConventionResult result : analysis.conventions()) {
      if (!result.convention().equals(analysis.convention())) {
        String words = "IsoFLOP, " + result.convention().words();
        rows.add(
            row(words, result.exponents().map(SummaryTables::cells).orElse(List.of("refused"))));
      }
    }
    lines.add("");
    lines.addAll(ScreenText.table("lrlrl", rows));
    refused.forEach((why, words) -> wrap("  " + words + ": refused:", why, lines));
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
