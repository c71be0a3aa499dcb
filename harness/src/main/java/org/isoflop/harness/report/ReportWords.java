package org.isoflop.harness.report;

import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;

/** What the page says in sentences beside the headline: warnings, facts, what each figure shows. */
final class ReportWords {

  private ReportWords() {}

  /** What there is not, and why, as a sentence, HTML. */
  static String refusal(String what, String reason) {
    String why = Html.text(reason.strip());
    return what + ": " + why + (why.endsWith(".") ? "" : ".");
  }

  /** The warnings as a section, or a line that says there are none. */
  static String warnings(List<String> warnings) {
    if (warnings.isEmpty()) {
      return "<p class=\"quiet\">The analysis raised no warnings.</p>\n";
    }
    return "<section class=\"warnings\" aria-labelledby=\"warnings\">\n"
        + "<h2 id=\"warnings\">%s</h2>\n<ul>\n"
            .formatted(Quantities.plural(warnings.size(), "warning"))
        + items(warnings)
        + "</ul>\n</section>\n";
  }

  /** The notes, folded; empty where there are none. */
  static String notes(List<String> notes) {
    return notes.isEmpty()
        ? ""
        : "<details class=\"notes\">\n<summary>%s</summary>\n<ul>\n"
                .formatted(Quantities.plural(notes.size(), "note"))
            + items(notes)
            + "</ul>\n</details>\n";
  }

  /** Cautions, in sight. */
  static String cautions(List<String> cautions) {
    return cautions.isEmpty() ? "" : "<ul class=\"refusals\">\n" + items(cautions) + "</ul>\n";
  }

  private static String items(List<String> sentences) {
    return sentences.stream()
        .map(sentence -> "<li>" + Html.text(sentence) + "</li>\n")
        .collect(Collectors.joining());
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
                                .formatted(Quantities.flops(curve.budget())),
                            curve.refused().orElseThrow())
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
                                        Quantities.flops(curve.budget()),
                                        Numbers.loss(o.loss().value()),
                                        Quantities.count(o.params().value())))
                        .orElse(
                            "At %s FLOPs there is no optimum."
                                .formatted(Quantities.flops(curve.budget()))))
            .collect(Collectors.joining(" "));
  }

  /** What the marks of the first figure mean, of those that are there. */
  static String isoflopCaption(Analysis analysis) {
    boolean optima = analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent());
    boolean refused = analysis.curves().stream().anyMatch(curve -> curve.refused().isPresent());
    return "Validation loss of the models trained at each budget, against their size. "
        + (optima
            ? "Lines: the curve fitted to the filled points, over the sizes measured; diamonds: its"
                + " lowest place, with the 95% interval of <i>N</i>*. "
            : "")
        + (refused ? "Hollow points on a dashed line: a budget without an optimum. " : "")
        + (Budgets.outliers(analysis).isEmpty()
            ? ""
            : "Crosses: points far too high, which the curves leave out; one above the frame stands"
                + " at its edge.");
  }

  /** What the marks of the second figure mean, of those that are there. */
  static String frontierCaption(Analysis analysis) {
    boolean optima = analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent());
    FrontierFigure.Line line = FrontierFigure.Line.of(analysis.frontier());
    String fit =
        line.measured().size() < 2
            ? "There is no line, because there are no exponents. "
            : (analysis.isoflop().isPresent()
                    ? "Line and band: the fit through the optima and its 95% interval"
                    : "Line and band: the parametric law's split and its 95% interval")
                + (line.outside().isEmpty()
                    ? ", over the measured budgets only. "
                    : "; dashed where it is extrapolated beyond the measured budgets. ");
    return (optima ? "Diamonds: the optimum of each budget, with its 95% interval. " : "")
        + fit
        + "Wide pale bars: what was measured at each budget.";
  }
}
