package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.isoflop.harness.Quantities;

/** The analysis as one terminal screen of plain text, at most 100 columns wide. */
public final class AnalysisSummary {

  private static final int WIDTH = 100;

  /** More refused budgets than this are counted, not listed. */
  private static final int LISTED = 8;

  private AnalysisSummary() {}

  /** Returns the screen: optima by budget, exponents, then what to be careful about. */
  public static String text(Analysis analysis) {
    List<String> lines = new ArrayList<>();
    optima(analysis, lines);
    lines.add("");
    exponents(analysis, lines);
    if (!analysis.warnings().isEmpty()) {
      lines.add("");
      analysis.warnings().forEach(warning -> wrap("warning: ", warning, lines));
    }
    return String.join("\n", lines) + "\n";
  }

  private static void optima(Analysis analysis, List<String> lines) {
    lines.add(
        String.format(
            Locale.ROOT,
            "%d loss points at %d budget%s; 95%% intervals in brackets",
            analysis.points(),
            analysis.curves().size(),
            analysis.curves().size() == 1 ? "" : "s"));
    lines.add("");
    lines.add(row("C", "N*", "", "D*", "", "D*/N*", "loss", "bits/byte"));
    long refused = analysis.curves().stream().filter(c -> c.refused().isPresent()).count();
    for (BudgetCurve curve : analysis.curves()) {
      String budget = String.format(Locale.ROOT, "%9s  ", Quantities.flops(curve.budget()));
      if (curve.optimum().isPresent()) {
        lines.add(row(curve.budget(), curve.optimum().get()));
      } else if (refused <= LISTED) {
        wrap(budget + "no optimum: ", curve.refused().orElseThrow(), lines);
      }
    }
    if (refused > LISTED) {
      lines.add("no optimum at " + refused + " budgets; optima.csv says why for each");
    }
  }

  private static String row(double budget, Optimum optimum) {
    return row(
        Quantities.flops(budget),
        Numbers.count(optimum.params()),
        counts(optimum.paramsInterval()),
        Numbers.count(optimum.tokens()),
        counts(optimum.tokensInterval()),
        Numbers.count(optimum.tokens() / optimum.params()),
        String.format(Locale.ROOT, "%.4f", optimum.loss()),
        optimum.bitsPerByte().isPresent()
            ? String.format(Locale.ROOT, "%.4f", optimum.bitsPerByte().getAsDouble())
            : "-");
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%9s  %7s  %-16s  %7s  %-16s  %7s  %7s  %9s", cells)
        .stripTrailing();
  }

  private static String counts(Interval interval) {
    return "[" + Numbers.count(interval.low()) + ", " + Numbers.count(interval.high()) + "]";
  }

  private static void exponents(Analysis analysis, List<String> lines) {
    lines.add(String.format(Locale.ROOT, "%-22s  %-24s  %s", "exponents", "a of N*", "b of D*"));
    for (LocalExponent local : analysis.local()) {
      lines.add(
          exponents(
              Quantities.flops(local.from()) + " to " + Quantities.flops(local.to()),
              local.a(),
              local.aInterval(),
              local.b(),
              local.bInterval()));
    }
    analysis
        .isoflop()
        .ifPresent(
            global ->
                lines.add(
                    exponents(
                        "all budgets",
                        global.a(),
                        global.aInterval(),
                        global.b(),
                        global.bInterval())));
    analysis.refused().ifPresent(reason -> wrap("all budgets: refused: ", reason, lines));
  }

  private static String exponents(String where, double a, Interval ofA, double b, Interval ofB) {
    return String.format(
        Locale.ROOT,
        "%-22s  %-24s  %s",
        where,
        Numbers.exponent(a) + " " + Numbers.exponents(ofA),
        Numbers.exponent(b) + " " + Numbers.exponents(ofB));
  }

  /** Adds a sentence after its label, broken between words, later lines indented by two. */
  private static void wrap(String label, String sentence, List<String> lines) {
    StringBuilder line = new StringBuilder(label.stripTrailing());
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
  }
}
