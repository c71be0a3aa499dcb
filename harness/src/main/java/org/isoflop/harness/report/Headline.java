package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Straightness;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The answer of a page: the two exponents, what they are of, the split a decade beyond, and whether
 * one line and the other methods bear them out.
 */
final class Headline {

  private Headline() {}

  /** Returns the exponents and the paragraphs under them, HTML. */
  static String html(Analysis analysis) {
    List<String> sentences = new ArrayList<>();
    String exponents = answer(analysis, sentences);
    // A line that will not do is a warning, which says the rest.
    analysis
        .straightness()
        .filter(Straightness::straight)
        .ifPresent(found -> sentences.add(ReportWords.linearity(found)));
    methods(analysis).ifPresent(sentences::add);
    analysis.allocation().stream()
        .filter(point -> point.decadesBeyond() > 0)
        .min(Comparator.comparingDouble(point -> Math.abs(point.decadesBeyond() - 1)))
        .ifPresent(point -> sentences.add(beyond(analysis, point)));
    String text =
        exponents
            + "<p class=\"lead\">%s</p>\n".formatted(String.join(" ", sentences))
            + "<p class=\"quiet\">%s</p>\n".formatted(basis(analysis));
    // No line ends between a symbol and its value.
    return text.replace("</i> = ", "</i>\u00a0=\u00a0");
  }

  /** Returns the exponents in large, and adds what they are of; why there are none where so. */
  private static String answer(Analysis analysis, List<String> sentences) {
    long optima = analysis.curves().stream().filter(c -> c.optimum().isPresent()).count();
    Optional<LocalExponent> top = analysis.top().filter(found -> found.optima() < optima);
    Optional<Exponents> all = analysis.isoflop();
    top.ifPresent(
        found ->
            sentences.add(
                "These are the slopes to extrapolate from, at the top of the range, from %s to %s FLOPs (%d optima)."
                    .formatted(
                        Quantities.flops(found.from()),
                        Quantities.flops(found.to()),
                        found.optima())));
    if (all.isPresent()) {
      sentences.add(
          top.isEmpty()
              ? "The slopes of one line through all %d optima.".formatted(optima)
              : "One line through all %d optima has <i>a</i> = %s and <i>b</i> = %s."
                  .formatted(
                      optima,
                      Numbers.exponentWithInterval(all.get().a()),
                      Numbers.exponentWithInterval(all.get().b())));
      return large(top.map(LocalExponent::exponents).orElse(all.get()));
    }
    String why = analysis.refused().orElseThrow();
    Optional<Exponents> byLaw = analysis.exponents(Method.PARAMETRIC);
    if (byLaw.isEmpty()) {
      sentences.add(ReportWords.refusal("<strong>No exponents</strong>", why));
      return "";
    }
    sentences.add("By %s alone.".formatted(Method.PARAMETRIC.words()));
    sentences.add(
        ReportWords.refusal(Numbers.capital(Method.ISOFLOP.words()) + " gives no exponents", why));
    return large(byLaw.get());
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
            Numbers.exponent(exponent.value()),
            what,
            Numbers.exponents(exponent.interval()));
  }

  private static String beyond(Analysis analysis, FrontierPoint point) {
    return "At %s FLOPs, %s the measured budgets: %s params (%s), %s tokens (%s)%s."
        .formatted(
            Quantities.flops(point.budget()),
            Numbers.reach(point.decadesBeyond()),
            Quantities.count(point.params().value()),
            Numbers.counts(point.params().interval()),
            Quantities.count(point.tokens().value()),
            Numbers.counts(point.tokens().interval()),
            point
                .loss()
                .map(
                    loss ->
                        analysis
                            .bitsPerByte(loss)
                            .map(bits -> loss(bits) + " bits per byte")
                            .orElseGet(() -> loss(loss)))
                .orElse(""));
  }

  private static String loss(Estimate loss) {
    return ", loss %s (%s)"
        .formatted(Numbers.loss(loss.value()), Numbers.ends(loss.interval(), Words.LOSS));
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
