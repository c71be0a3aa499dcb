package org.isoflop.harness.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Answer;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;

/** The answer of a page: the two exponents in large, and beneath them what the screen says too. */
final class Headline {

  private Headline() {}

  /** Returns the exponents and the paragraphs under them, HTML. */
  static String html(Analysis analysis) {
    return toActOn(analysis).map(Headline::large).orElse("")
        + Answer.of(analysis).stream()
            .map(
                answer ->
                    "<p class=\"lead\">%s%s</p>\n"
                        .formatted(
                            answer.label().isEmpty()
                                ? ""
                                : "<b>" + Html.text(Numbers.capital(answer.label())) + "</b>: ",
                            Html.sentence(answer.sentence().strip())))
            .collect(Collectors.joining())
        + agreement(analysis).map("<p class=\"lead\">%s</p>\n"::formatted).orElse("")
        + "<p class=\"quiet\">%s.</p>\n".formatted(Html.text(Answer.basis(analysis)));
  }

  /** The exponents to extrapolate from: of the top of the range, else of all of it. */
  private static Optional<Exponents> toActOn(Analysis analysis) {
    return analysis
        .top()
        .map(LocalExponent::exponents)
        .or(analysis::isoflop)
        .or(() -> analysis.exponents(Method.PARAMETRIC));
  }

  private static String large(Exponents found) {
    return "<div class=\"answer\">\n"
        + large("N", "optimal parameters", found.a())
        + large("D", "optimal tokens", found.b())
        + "</div>\n";
  }

  private static String large(String symbol, String what, Estimate exponent) {
    return "<div><p class=\"law\"><i>%s</i>* \u221d <i>C</i><sup>%s</sup></p><p class=\"quiet\">%s; 95%% interval: %s</p></div>\n"
        .formatted(
            symbol,
            Numbers.of(Words.EXPONENT, exponent.value()),
            what,
            Numbers.of(Words.EXPONENT, exponent.interval()));
  }

  /** Returns that the other methods agree; where they do not, the first warning says so. */
  private static Optional<String> agreement(Analysis analysis) {
    List<Method> others =
        analysis.methods().keySet().stream()
            .filter(m -> m != Method.ISOFLOP && analysis.exponents(m).isPresent())
            .toList();
    if (analysis.isoflop().isEmpty()
        || others.isEmpty()
        || !Method.disagreeing(analysis.methods()).isEmpty()) {
      return Optional.empty();
    }
    var a =
        others.stream()
            .mapToDouble(m -> analysis.exponents(m).orElseThrow().a().value())
            .summaryStatistics();
    String low = Numbers.of(Words.EXPONENT, a.getMin());
    return Optional.of(
        others.size() == 1
            ? "By %s, which agrees within its interval, <i>a</i>\u00a0=\u00a0%s."
                .formatted(Html.text(others.get(0).words()), low)
            : "The %d other methods agree within their intervals: <i>a</i> from %s to %s."
                .formatted(others.size(), low, Numbers.of(Words.EXPONENT, a.getMax())));
  }
}
