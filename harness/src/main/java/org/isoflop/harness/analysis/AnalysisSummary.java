package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * The analysis as plain text of at most 100 columns: the exponents with their intervals, then what
 * changes or endangers them, then what they rest on.
 */
public final class AnalysisSummary {

  /** What one screen has room for: more optima than this are in the files, the highest here. */
  private static final int FEW = 8;

  /** Of refused budgets, whose reasons take two lines each, a screen has room for half as many. */
  private static final int REFUSED_SHARE = 2;

  private static final Set<Method> APPROACHES =
      Set.of(Method.ISOFLOP, Method.PARAMETRIC, Method.ENVELOPE);

  /** Methods whose refusal is said elsewhere, or goes without saying. */
  private static final Set<Method> UNSAID = Set.of(Method.ISOFLOP, Method.ENVELOPE);

  private AnalysisSummary() {}

  /**
   * Returns what answers the question, on one terminal screen: the exponents, whether one line will
   * do, the allocation a decade beyond, the warnings, the optimum of every budget, and the
   * exponents by the three approaches of Hoffmann et al. 2022. The last line counts what {@link
   * #fullText} has more.
   */
  public static String text(Analysis analysis) {
    ScreenLines lines = answer(analysis);
    optima(analysis, FEW, lines);
    exponents(analysis, APPROACHES, List.of(), lines);
    // Else it is a warning, which stands above.
    analysis
        .checks()
        .separateRuns()
        .filter(found -> !found.certain())
        .ifPresent(found -> lines.section(labelled("", List.of(found.sentence()))));
    lines.add("");
    lines.wrap("", "More with --full: " + more(analysis));
    return lines.text();
  }

  /**
   * Returns the same with nothing left out: every budget and local exponent, every method and
   * convention, the parametric law, and the notes.
   */
  public static String fullText(Analysis analysis) {
    ScreenLines lines = answer(analysis);
    optima(analysis, Integer.MAX_VALUE, lines);
    local(analysis, lines);
    List<Convention> others = new ArrayList<>(analysis.conventions().keySet());
    others.remove(analysis.convention());
    exponents(analysis, Set.of(Method.values()), others, lines);
    analysis.law().ifPresent(found -> lines.section(labelled("Law:", List.of(law(found)))));
    lines.section(labelled("note:", analysis.notes()));
    return lines.text();
  }

  private static ScreenLines answer(Analysis analysis) {
    ScreenLines lines = new ScreenLines();
    Answer.of(analysis)
        .forEach(
            answer ->
                lines.wrap(
                    answer.label().isEmpty() ? "" : answer.label() + ":", answer.sentence()));
    analysis.checks().noise().sentence().ifPresent(found -> lines.wrap("Noise:", found));
    // A rate that is certainly off is a warning.
    analysis
        .checks()
        .rateControl()
        .filter(found -> !found.certain())
        .ifPresent(found -> lines.wrap("Learning rate:", found.sentence()));
    lines.section(labelled("warning:", analysis.warnings()));
    lines.add("");
    lines.wrap("", Answer.basis(analysis));
    return lines;
  }

  private static String more(Analysis analysis) {
    List<String> parts = new ArrayList<>();
    if (!analysis.notes().isEmpty()) {
      parts.add(Quantities.plural(analysis.notes().size(), "note"));
    }
    if (!analysis.part(Part.LOCAL).isEmpty() || !analysis.part(Part.LAW_WINDOWS).isEmpty()) {
      parts.add("local exponents");
    }
    parts.add("all methods and conventions");
    analysis.law().ifPresent(law -> parts.add("the parametric law"));
    return String.join(", ", parts);
  }

  private static ScreenLines labelled(String label, List<String> sentences) {
    ScreenLines section = new ScreenLines();
    sentences.forEach(sentence -> section.wrap(label, sentence));
    return section;
  }

  private static String law(ParametricLaw found) {
    Law law = found.law();
    return Quantities.format(
        "L = %s + %s/N^%s + %s/D^%s; E %s, alpha %s, beta %s",
        Words.COEFFICIENT.of(law.e()),
        Words.COEFFICIENT.of(law.a()),
        Words.EXPONENT.of(law.alpha()),
        Words.COEFFICIENT.of(law.b()),
        Words.EXPONENT.of(law.beta()),
        Words.COEFFICIENT.of(found.sample().estimate(Law::e).interval()),
        Words.FACTOR.of(found.sample().estimate(Law::alpha).interval()),
        Words.FACTOR.of(found.sample().estimate(Law::beta).interval()));
  }

  /**
   * Adds the optimum of every budget, or why it has none.
   *
   * @param most so many of the highest optima, and half as many reasons
   */
  private static void optima(Analysis analysis, int most, ScreenLines lines) {
    List<BudgetCurve> curves = analysis.curves();
    long refused = curves.stream().filter(curve -> curve.refused().isPresent()).count();
    long below = Math.max(0, curves.size() - refused - most);
    boolean some = refused < curves.size();
    List<String> table = AnalysisTables.optima(analysis).lines(curves);
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
        lines.wrap(row + "  no optimum:", curves.get(k).refused().orElseThrow());
      }
    }
    if (below > 0) {
      lines.add("  %d lower ones are in optima.csv", below);
    }
    if (refused > most / REFUSED_SHARE) {
      lines.wrap(
          "",
          "No optimum at %s%d budgets; optima.csv says why for each.",
          some ? "" : "any of ",
          refused);
    }
  }

  /** Adds the exponents between neighbours and, beside them, over windows. */
  private static void local(Analysis analysis, ScreenLines lines) {
    boolean byLaw = analysis.part(Part.WINDOWS).isEmpty();
    List<String> left = local("neighbours", analysis.part(Part.LOCAL));
    List<String> right =
        byLaw
            ? local("windows, by the law", analysis.part(Part.LAW_WINDOWS))
            : local("windows", analysis.part(Part.WINDOWS));
    int width = left.stream().mapToInt(String::length).max().orElse(0);
    ScreenLines section = new ScreenLines();
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String row = i < left.size() ? left.get(i) : "";
      String beside = i < right.size() ? right.get(i) : "";
      section.add((row + " ".repeat(width - row.length()) + beside).stripTrailing());
    }
    lines.section(section);
  }

  private static List<String> local(String head, List<LocalExponent> found) {
    return found.isEmpty() ? List.of() : AnalysisTables.parts(head, part -> "").lines(found);
  }

  /**
   * Adds a row for every method with exponents of all budgets, one for the headline in every other
   * convention, and the reasons of the methods without. Methods refused alike share their sentence.
   * The headline's own reason stands at the top of the screen already, and that there is no
   * envelope where there are no training curves goes without saying.
   */
  private static void exponents(
      Analysis analysis, Set<Method> shown, List<Convention> conventions, ScreenLines lines) {
    List<Map.Entry<String, Fitted<Exponents>>> rows = new ArrayList<>();
    Map<String, String> refused = new LinkedHashMap<>();
    analysis
        .methods()
        .forEach(
            (method, found) -> {
              if (shown.contains(method) && found.value().isPresent()) {
                rows.add(Map.entry(method.words(), found));
              } else if (shown.contains(method) && !UNSAID.contains(method)) {
                String why = found.refused().orElseThrow();
                refused.merge(why, method.words(), (one, two) -> one + ", " + two);
              }
            });
    for (Convention convention : conventions) {
      rows.add(
          Map.entry("approach 2, " + convention.words(), analysis.conventions().get(convention)));
    }
    ScreenLines section = new ScreenLines();
    if (!rows.isEmpty()) {
      section.addAll(AnalysisTables.named().lines(rows));
    }
    refused.forEach((why, words) -> section.wrap("  " + words + " refused:", why));
    lines.section(section);
  }
}
