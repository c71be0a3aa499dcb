package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Straightness;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The result in words, most useful first: the slopes to extrapolate from, the line over all
 * budgets, whether a line describes them at all, and whether the methods agree.
 */
final class Headline {

  private Headline() {}

  /** Returns the paragraphs, HTML. */
  static String html(Analysis analysis) {
    List<String> paragraphs = new ArrayList<>();
    paragraphs.add("<p class=\"headline\">%s</p>".formatted(result(analysis)));
    String line = line(analysis);
    if (!line.isEmpty()) {
      paragraphs.add("<p class=\"lead\">%s</p>".formatted(line));
    }
    methods(analysis).map("<p class=\"lead\">%s</p>"::formatted).ifPresent(paragraphs::add);
    paragraphs.add("<p class=\"quiet\">%s</p>".formatted(basis(analysis)));
    // No line ends between a symbol and its value.
    return String.join("\n", paragraphs).replace("</i> = ", "</i>\u00a0=\u00a0") + "\n";
  }

  private static String result(Analysis analysis) {
    if (analysis.top().isPresent()) {
      LocalExponent top = analysis.top().get();
      return "At the top of the range, from %s to %s FLOPs (%d optima), the optimal model size grows as %s. These are the slopes to extrapolate from."
          .formatted(
              Quantities.flops(top.from()),
              Quantities.flops(top.to()),
              top.optima(),
              laws(top.exponents()));
    }
    return analysis
        .isoflop()
        .map(found -> "The optimal model size grows as " + laws(found) + ".")
        .orElseGet(
            () ->
                ReportWords.refusal(
                    "<strong>No exponents</strong>", analysis.refused().orElseThrow()));
  }

  private static String laws(Exponents found) {
    return "%s (95%% interval: %s), the optimal number of tokens as %s (%s)"
        .formatted(
            law("N", found.a()),
            Numbers.exponents(found.a().interval()),
            law("D", found.b()),
            Numbers.exponents(found.b().interval()));
  }

  private static String law(String symbol, Estimate exponent) {
    return "<strong><i>%s</i>* \u221d <i>C</i><sup>%s</sup></strong>"
        .formatted(symbol, Numbers.exponent(exponent.value()));
  }

  private static String line(Analysis analysis) {
    List<String> sentences = new ArrayList<>();
    if (analysis.top().isPresent()) {
      long optima = analysis.curves().stream().filter(c -> c.optimum().isPresent()).count();
      analysis
          .isoflop()
          .ifPresentOrElse(
              found ->
                  sentences.add(
                      "One line through all %d optima has <i>a</i> = %s and <i>b</i> = %s."
                          .formatted(
                              optima,
                              Numbers.exponentWithInterval(found.a()),
                              Numbers.exponentWithInterval(found.b()))),
              () ->
                  analysis
                      .refused()
                      .ifPresent(
                          why ->
                              sentences.add(
                                  ReportWords.refusal("No exponents of all budgets", why))));
    }
    // A line that will not do is a warning, which says the rest.
    analysis
        .straightness()
        .filter(Straightness::straight)
        .ifPresent(found -> sentences.add(ReportWords.linearity(found)));
    return String.join(" ", sentences);
  }

  /** Returns that the other methods agree; where they do not, the first warning says so. */
  private static Optional<String> methods(Analysis analysis) {
    List<MethodResult> others =
        analysis.methods().stream()
            .filter(m -> m.method() != Method.ISOFLOP && m.exponents().isPresent())
            .toList();
    if (analysis.isoflop().isEmpty()
        || others.isEmpty()
        || !MethodResult.disagreeing(analysis.methods()).isEmpty()) {
      return Optional.empty();
    }
    double low = others.stream().mapToDouble(Headline::a).min().orElseThrow();
    double high = others.stream().mapToDouble(Headline::a).max().orElseThrow();
    return Optional.of(
        others.size() == 1
            ? "By %s, which agrees within its interval, <i>a</i> = %s."
                .formatted(Html.text(others.get(0).method().words()), Numbers.exponent(low))
            : "The %d other methods agree within their intervals: <i>a</i> from %s to %s."
                .formatted(others.size(), Numbers.exponent(low), Numbers.exponent(high)));
  }

  private static double a(MethodResult result) {
    return result.exponents().orElseThrow().a().value();
  }

  private static String basis(Analysis analysis) {
    List<BudgetCurve> curves = analysis.curves();
    long optima = curves.stream().filter(curve -> curve.optimum().isPresent()).count();
    String range =
        curves.size() == 1
            ? "of " + Quantities.flops(curves.get(0).budget())
            : "from %s to %s"
                .formatted(
                    Quantities.flops(curves.get(0).budget()),
                    Quantities.flops(curves.get(curves.size() - 1).budget()));
    return "From %d loss %s at %d %s %s FLOPs; %s. Counted as: %s, %s."
        .formatted(
            analysis.points(),
            analysis.points() == 1 ? "point" : "points",
            curves.size(),
            curves.size() == 1 ? "budget" : "budgets",
            range,
            optima(curves.size(), (int) optima),
            ReportWords.params(analysis.convention()),
            ReportWords.flops(analysis.convention()));
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
}
