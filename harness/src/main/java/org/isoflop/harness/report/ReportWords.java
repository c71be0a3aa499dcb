package org.isoflop.harness.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.BudgetCurve;
import org.isoflop.harness.analysis.Exponents;

/** What the page says in sentences: the result, the warnings, and what each figure shows. */
final class ReportWords {

  private ReportWords() {}

  /** The result in one paragraph, HTML: both exponents with intervals, or why there are none. */
  static String headline(Analysis analysis) {
    return analysis
            .isoflop()
            .map(
                found ->
                    "The optimal model size grows as <strong><i>N</i>* \u221d <i>C</i><sup>%s</sup></strong>"
                            .formatted(Numbers.exponent(found.a()))
                        + " (95%% interval %s), the optimal number of tokens as "
                            .formatted(Numbers.exponents(found.aInterval()))
                        + "<strong><i>D</i>* \u221d <i>C</i><sup>%s</sup></strong> (%s)."
                            .formatted(
                                Numbers.exponent(found.b()), Numbers.exponents(found.bInterval())))
            .orElseGet(() -> refusal("<strong>No exponents</strong>", analysis.refused()))
        + " "
        + basis(analysis);
  }

  private static String basis(Analysis analysis) {
    List<BudgetCurve> curves = analysis.curves();
    long optima = curves.stream().filter(curve -> curve.optimum().isPresent()).count();
    String range =
        curves.size() == 1
            ? "of " + Numbers.flops(curves.get(0).budget())
            : "from %s to %s"
                .formatted(
                    Numbers.flops(curves.get(0).budget()),
                    Numbers.flops(curves.get(curves.size() - 1).budget()));
    return "From %d loss points at %d %s %s FLOPs; %s."
        .formatted(
            analysis.points(),
            curves.size(),
            curves.size() == 1 ? "budget" : "budgets",
            range,
            optima(curves.size(), (int) optima));
  }

  private static String optima(int budgets, int optima) {
    if (optima == budgets) {
      return budgets == 1 ? "it has an optimum" : "each has an optimum";
    }
    return switch (optima) {
      case 0 -> budgets == 1 ? "it has no optimum" : "none of them has an optimum";
      case 1 -> "one of them has an optimum";
      default -> optima + " of them have an optimum";
    };
  }

  /** What there is not, and why, as a sentence, HTML. */
  static String refusal(String what, Optional<String> reason) {
    String why = Html.text(reason.orElseThrow().strip());
    return what + ": " + why + (why.endsWith(".") ? "" : ".");
  }

  /** The warnings as a section, or a line that says there are none. */
  static String warnings(Analysis analysis) {
    if (analysis.warnings().isEmpty()) {
      return "<p class=\"quiet\">The analysis raised no warnings.</p>\n";
    }
    return "<section class=\"warnings\" aria-labelledby=\"warnings\">\n"
        + "<h2 id=\"warnings\">%s</h2>\n<ul>\n"
            .formatted(
                analysis.warnings().size() == 1
                    ? "One warning"
                    : analysis.warnings().size() + " warnings")
        + analysis.warnings().stream()
            .map(warning -> "<li>" + Html.text(warning) + "</li>\n")
            .collect(Collectors.joining())
        + "</ul>\n</section>\n";
  }

  /** The facts as a list of terms. */
  static String facts(List<Fact> facts) {
    if (facts.isEmpty()) {
      return "";
    }
    return "<dl class=\"facts\">\n"
        + facts.stream()
            .map(
                fact ->
                    "<div><dt>%s</dt><dd>%s</dd></div>\n"
                        .formatted(Html.text(fact.label()), Html.text(fact.value())))
            .collect(Collectors.joining())
        + "</dl>\n";
  }

  /** Why budgets have no optimum, as a list; empty where all have one. */
  static String refusals(Analysis analysis) {
    String items =
        analysis.curves().stream()
            .filter(curve -> curve.refused().isPresent())
            .map(
                curve ->
                    "<li>"
                        + refusal(
                            "<b>%s FLOPs</b> has no optimum"
                                .formatted(Numbers.flops(curve.budget())),
                            curve.refused())
                        + "</li>\n")
            .collect(Collectors.joining());
    return items.isEmpty() ? "" : "<ul class=\"refusals\">\n" + items + "</ul>\n";
  }

  /** What the first figure shows, in plain text for who cannot see it. */
  static String isoflopAlt(Analysis analysis) {
    return "Validation loss against parameters, one curve per budget. "
        + analysis.curves().stream()
            .map(
                curve ->
                    curve
                        .optimum()
                        .map(
                            o ->
                                "At %s FLOPs the lowest fitted loss is %s at %s parameters."
                                    .formatted(
                                        Numbers.flops(curve.budget()),
                                        Numbers.loss(o.loss()),
                                        Numbers.count(o.params())))
                        .orElse(
                            "At %s FLOPs there is no optimum."
                                .formatted(Numbers.flops(curve.budget()))))
            .collect(Collectors.joining(" "));
  }

  /** What the marks of the second figure mean, of those that are there. */
  static String frontierCaption(Analysis analysis) {
    boolean optima = analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent());
    return (optima ? "Diamonds: the optimum of each budget, with its 95% interval. " : "")
        + (analysis.frontier().size() > 1
            ? "Line and band: the fit through the optima and its 95% interval, over the measured"
                + " budgets only. "
            : "There is no line, because there are no exponents. ")
        + "Wide pale bars: what was measured at each budget.";
  }

  /** The head of the N* panel, HTML. */
  static String paramsPanel(Analysis analysis) {
    return panel("Parameters", "N", analysis.isoflop().map(Exponents::a));
  }

  /** The head of the D* panel, HTML. */
  static String tokensPanel(Analysis analysis) {
    return panel("Tokens", "D", analysis.isoflop().map(Exponents::b));
  }

  private static String panel(String name, String symbol, Optional<Double> exponent) {
    return "%s, <i>%s</i>*".formatted(name, symbol)
        + exponent
            .map(e -> " \u221d <i>C</i><sup>%s</sup>".formatted(Numbers.exponent(e)))
            .orElse("");
  }
}
