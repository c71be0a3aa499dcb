package org.isoflop.harness.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.PointResidual;

/** The sections with a figure; one that has nothing to show is left out, or says why in words. */
final class ReportSections {

  private ReportSections() {}

  static String isoflop(Analysis analysis) {
    return Template.fill(
        "isoflop.html",
        Map.of(
            "legend", budgets(analysis.curves()),
            "alt", Html.text(ReportWords.isoflopAlt(analysis)),
            "caption", ReportWords.isoflopCaption(analysis),
            "refusals", ReportWords.refusals(analysis)));
  }

  static String frontier(Analysis analysis) {
    return Template.fill(
        "frontier.html",
        Map.of(
            "params-panel", panel("Parameters", Quantity.PARAMS, analysis),
            "tokens-panel", panel("Tokens", Quantity.TOKENS, analysis),
            "caption", ReportWords.frontierCaption(analysis)));
  }

  private static String panel(String name, Quantity quantity, Analysis analysis) {
    return "%s, <i>%s</i>*".formatted(name, quantity.symbol())
        + analysis
            .isoflop()
            .map(quantity.exponent())
            .map(e -> " \u221d <i>C</i><sup>%s</sup>".formatted(Numbers.exponent(e.value())))
            .orElse("");
  }

  /** The local exponents; where there are none at all, the headline has said why. */
  static String exponents(Analysis analysis) {
    if (ExponentsFigure.found(analysis).findAny().isEmpty()) {
      return "";
    }
    Stream<String> kinds =
        ExponentKind.ALL.stream()
            .filter(kind -> !kind.of(analysis).isEmpty())
            .map(kind -> Html.hiding("part:" + kind.key(), "bar " + kind.key(), kind.words()));
    Stream<String> all =
        analysis
            .isoflop()
            .map(found -> Html.hiding("part:all", "band", "line through all optima"))
            .stream();
    return Template.fill(
        "exponents.html",
        Map.of(
            "toggle", letters(),
            "legend", Html.legend(Stream.concat(kinds, all).toList()),
            "caption", analysis.straightness().map(ReportWords::linearity).orElse("")));
  }

  /** Buttons that choose between the exponents of N* and D*. */
  static String letters() {
    return Html.choice("exponent:a", true, "a, of N*")
        + Html.choice("exponent:b", false, "b, of D*");
  }

  /** The surface of the law, or why there is none where one was tried. */
  static String surface(Analysis analysis) {
    Optional<LossSurface> surface = LossSurface.of(analysis);
    if (surface.isPresent()) {
      return Template.fill(
          "surface.html",
          Map.of(
              "legend",
              budgets(analysis.curves()),
              "diamonds",
              analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent())
                  ? " Diamonds: the optima of the IsoFLOP curves; where they leave the frontier, law and"
                      + " curves disagree."
                  : ""));
    }
    return analysis
        .method(Method.PARAMETRIC)
        .flatMap(MethodResult::refused)
        .map(
            reason ->
                "<section aria-labelledby=\"surface\">\n<h2 id=\"surface\">Parametric surface</h2>\n"
                    + "<p>"
                    + ReportWords.refusal("No surface", reason)
                    + "</p>\n</section>\n")
        .orElse("");
  }

  static String residuals(Analysis analysis) {
    List<ResidualKind> kinds = ResidualKind.of(analysis);
    if (kinds.isEmpty()) {
      return "";
    }
    String toggle =
        kinds.stream()
            .map(
                kind ->
                    Html.choice(
                        "residual:" + kind.key(), kind == kinds.get(0), "of " + kind.words()))
            .collect(Collectors.joining());
    long outliers = analysis.residuals().stream().filter(PointResidual::outlier).count();
    return Template.fill(
        "residuals.html",
        Map.of(
            "toggle",
            toggle,
            "legend",
            budgets(analysis.curves()),
            "outliers",
            outliers == 0
                ? ""
                : " Crosses: "
                    + (outliers == 1 ? "one point" : outliers + " points")
                    + " that the curves leave out, as far too high or off their budgets; one beyond the frame stands at"
                    + " its edge.",
            "noise",
            analysis
                .noise()
                .sentence()
                .map(
                    sentence ->
                        " Noise, standard deviation of the loss: " + Html.text(sentence) + ".")
                .orElse("")));
  }

  /** How far the learning rate is from its best, where cells were trained at others too. */
  static String rate(Analysis analysis) {
    return analysis
        .rateControl()
        .map(
            found ->
                Template.fill(
                    "rate.html",
                    Map.of(
                        "sentence",
                        Html.text(
                            found.multiplier().isPresent()
                                ? "The rate is " + found.sentence()
                                : Numbers.capital(found.sentence())),
                        "table",
                        ReportTables.rates(found),
                        "noise",
                        found.noise().map(Quantities::percent).orElse("unknown"))))
        .orElse("");
  }

  static String training(ReportInput input) {
    if (input.training().isEmpty()) {
      return "";
    }
    boolean unknown = input.training().stream().anyMatch(c -> c.budget().isEmpty());
    return Template.fill(
        "training.html",
        Map.of(
            "legend",
            budgets(input.analysis().curves()),
            "jobs",
            input.training().size() == 1 ? "one job" : input.training().size() + " jobs",
            "rings",
            input.training().stream().allMatch(curve -> curve.evaluations().isEmpty())
                ? ""
                : " Rings: validation losses.",
            "unknown",
            unknown ? " Grey: jobs without a finished loss point." : ""));
  }

  /** A legend of the budgets, each a button that hides its own. */
  private static String budgets(List<BudgetCurve> curves) {
    return "<p class=\"legend-title\">Budget <i>C</i>, FLOPs</p>\n"
        + Html.legend(
            IntStream.range(0, curves.size())
                .mapToObj(
                    i -> {
                      boolean refused = curves.get(i).refused().isPresent();
                      return Html.hiding(
                          "budget:" + i,
                          refused ? "chip refused" : "chip",
                          "var(--budget-" + i + ")",
                          Quantities.flops(curves.get(i).budget())
                              + (refused ? ", no optimum" : ""));
                    })
                .toList());
  }
}
