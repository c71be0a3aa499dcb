package org.isoflop.harness.report;

import java.util.List;
import java.util.Map;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Answer;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.isoflop.PointResidual;

/** The sections with a figure; one that has nothing to show is left out, or says why in words. */
final class ReportSections {

  private ReportSections() {}

  static String isoflop(Analysis analysis) {
    return IsoflopFigure.of(analysis)
        .section(
            "IsoFLOP curves", ReportWords.isoflopCaption(analysis), ReportWords.refusals(analysis));
  }

  static String frontier(Analysis analysis) {
    return FrontierFigure.of(analysis)
        .section("Optimal parameters and tokens", ReportWords.frontierCaption(analysis), "");
  }

  /** The local exponents; where there are none at all, the headline has said why. */
  static String exponents(Analysis analysis) {
    return ExponentsFigure.of(analysis)
        .map(
            figure ->
                figure.section(
                    "Local exponents",
                    "Each horizontal bar is the slope over the budgets it spans, the upright bar"
                        + " its 95% interval. "
                        + analysis
                            .straightness()
                            .map(found -> "Linearity test: " + Answer.linearity(found) + ".")
                            .map(Html::sentence)
                            .orElse(""),
                    ""))
        .orElse("");
  }

  /** The surface of the law, or why there is none where one was tried. */
  static String surface(Analysis analysis) {
    String heading = "Parametric surface";
    boolean optima = analysis.curves().stream().anyMatch(curve -> curve.optimum().isPresent());
    return SurfaceFigure.of(analysis)
        .map(
            figure ->
                figure.section(
                    heading,
                    "Points: what was measured, joined where they share a budget. The efficient"
                        + " frontier is where a line of equal loss needs the least compute."
                        + (optima
                            ? " Diamonds: the optima of the IsoFLOP curves; where they leave the"
                                + " frontier, law and curves disagree."
                            : ""),
                    ""))
        .or(
            () ->
                analysis
                    .method(Method.PARAMETRIC)
                    .flatMap(MethodResult::refused)
                    .map(
                        reason ->
                            "<section aria-labelledby=\"surface\">\n<h2 id=\"surface\">"
                                + heading
                                + "</h2>\n<p>"
                                + ReportWords.refusal("No surface", reason)
                                + "</p>\n</section>\n"))
        .orElse("");
  }

  static String residuals(Analysis analysis) {
    long outliers = analysis.residuals().stream().filter(PointResidual::outlier).count();
    String crosses =
        outliers == 0
            ? ""
            : " Crosses: "
                + Quantities.plural(outliers, "point")
                + " that the curves leave out, as far too high or off their budgets; one beyond the"
                + " frame stands at its edge.";
    String noise =
        analysis
            .noise()
            .sentence()
            .map(said -> " Noise, standard deviation of the loss: " + Html.text(said) + ".")
            .orElse("");
    return ResidualsFigure.of(analysis)
        .map(
            figure ->
                figure.section(
                    "Residuals",
                    "How far each point lies from the fit, against its size: 0.01 is 1% of the"
                        + " loss. A pattern in it is what the fit does not describe."
                        + crosses
                        + noise,
                    ""))
        .orElse("");
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
    List<TrainingCurve> curves = input.training();
    return TrainingFigure.of(input)
        .map(
            figure ->
                figure.section(
                    "Training curves",
                    "Training loss of "
                        + TrainingFigure.jobs(curves)
                        + ", averaged over steps of equal width in ln <i>D</i>, in the colour of"
                        + " the largest budget a job serves."
                        + (curves.stream().allMatch(curve -> curve.evaluations().isEmpty())
                            ? ""
                            : " Rings: validation losses.")
                        + (curves.stream().anyMatch(curve -> curve.budget().isEmpty())
                            ? " Grey: jobs without a finished loss point."
                            : ""),
                    ""))
        .orElse("");
  }
}
