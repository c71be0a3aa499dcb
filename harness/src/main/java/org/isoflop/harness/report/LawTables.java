package org.isoflop.harness.report;

import java.util.List;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.LawResult;
import org.isoflop.harness.analysis.LossFrontier;
import org.isoflop.harness.analysis.stats.Estimate;

/** The tables of the parametric law and of loss against compute, a row per parameter. */
final class LawTables {

  private static final List<String> HEADS = List.of("Parameter", "What it is", "Value");

  private LawTables() {}

  /** The parameters of the law; empty where it was not fitted. */
  static String law(Analysis analysis) {
    return analysis.law().map(LawTables::law).orElse("");
  }

  private static String law(LawResult law) {
    return Html.wordsTable(
            "The parametric law, <i>L</i> = <i>E</i> + <i>A</i>/<i>N</i><sup>\u03b1</sup> +"
                + " <i>B</i>/<i>D</i><sup>\u03b2</sup>, 95% intervals beneath",
            HEADS,
            List.of(
                row("<i>E</i>", "irreducible loss, nats per token", Html.loss(law.e())),
                row("<i>A</i>", "of params", number(law.a())),
                row("<i>B</i>", "of tokens", number(law.b())),
                row("\u03b1", "exponent of params", Html.exponent(law.alpha())),
                row("\u03b2", "exponent of tokens", Html.exponent(law.beta()))))
        + "<p class=\"note\">Sum of Huber\u2019s loss, \u03b4 = 1e\u22123, of ln <i>L</i>"
        + " residuals: %s.</p>\n".formatted(Numbers.minus(Quantities.flops(law.objective())));
  }

  /** Loss at the optimum against compute; empty where it was not fitted. */
  static String lossFrontier(Analysis analysis) {
    return analysis.lossFrontier().map(LawTables::lossFrontier).orElse("");
  }

  private static String lossFrontier(LossFrontier loss) {
    return Html.wordsTable(
        "Loss at the optimum, <i>L</i>* = <i>E</i> + <i>K</i>\u00b7<i>C</i><sup>\u2212\u03b3</sup>,"
            + " 95% intervals beneath",
        HEADS,
        List.of(
            row("<i>E</i>", "what no compute removes, nats per token", Html.loss(loss.e())),
            row("<i>K</i>", "of compute", number(loss.k())),
            row("\u03b3", "exponent of compute", Html.exponent(loss.gamma()))));
  }

  private static String row(String symbol, String what, String value) {
    return Html.row(List.of(symbol, "<span class=\"what\">" + what + "</span>", value));
  }

  private static String number(Estimate found) {
    return Html.estimate(
        Numbers.number(found.value()), Numbers.ends(found.interval(), Numbers::number));
  }
}
