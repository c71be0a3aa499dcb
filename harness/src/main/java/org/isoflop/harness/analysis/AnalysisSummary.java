package org.isoflop.harness.analysis;

import static org.isoflop.harness.analysis.ScreenText.wrap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Straightness;
import org.isoflop.harness.analysis.law.Law;

/**
 * The analysis as one terminal screen of plain text, at most 100 columns wide, the answer first.
 */
public final class AnalysisSummary {

  /** Smaller chances than this are as good as none. */
  private static final double SMALLEST_CHANCE = 1e-4;

  private AnalysisSummary() {}

  /**
   * Returns the screen: exponents at the top of the range and of all of it, then what they rest on,
   * then what follows from them, then what to be careful about.
   */
  public static String text(Analysis analysis) {
    List<String> lines = new ArrayList<>();
    headline(analysis, lines);
    analysis.straightness().ifPresent(found -> straightness(found, lines));
    lines.add("");
    wrap(
        "",
        Quantities.format(
            "%s at %s; %s; 95%% intervals in brackets",
            plural(analysis.points(), "loss point"),
            plural(analysis.curves().size(), "budget"),
            analysis.convention().words()),
        lines);
    SummaryTables.optima(analysis, lines);
    SummaryTables.local(analysis, lines);
    SummaryTables.methods(analysis, lines);
    List<String> beyond = new ArrayList<>();
    analysis.allocation().stream()
        .filter(point -> point.decadesBeyond() > 0)
        .min(Comparator.comparingDouble(point -> Math.abs(point.decadesBeyond() - 1)))
        .ifPresent(point -> allocation(point, beyond));
    analysis.law().ifPresent(law -> law(law, beyond));
    section(beyond, lines);
    List<String> warnings = new ArrayList<>();
    analysis.warnings().forEach(warning -> wrap("warning:", warning, warnings));
    section(warnings, lines);
    List<String> notes = new ArrayList<>();
    analysis.notes().forEach(note -> wrap("note:", note, notes));
    section(notes, lines);
    return String.join("\n", lines) + "\n";
  }

  private static String plural(int count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private static void section(List<String> section, List<String> lines) {
    if (!section.isEmpty()) {
      lines.add("");
      lines.addAll(section);
    }
  }

  private static void headline(Analysis analysis, List<String> lines) {
    if (analysis.isoflop().isPresent()) {
      long optima = analysis.curves().stream().filter(c -> c.optimum().isPresent()).count();
      // With few budgets the top of the range is all of it, and one line says both.
      headline(
          analysis.top().filter(top -> top.optima() < optima),
          "All budgets",
          analysis.isoflop().get(),
          lines);
      return;
    }
    Optional<Exponents> byLaw = analysis.exponents(Method.PARAMETRIC);
    if (byLaw.isEmpty()) {
      lines.add("No exponents: no method gives any, for the reasons below.");
      return;
    }
    lines.add("By the parametric law alone, because IsoFLOP curves give no exponents here:");
    List<LocalExponent> windows = analysis.lawWindows();
    headline(
        windows.stream().skip(Math.max(0, windows.size() - 1)).findFirst(),
        "All points",
        byLaw.get(),
        lines);
  }

  private static void headline(
      Optional<LocalExponent> top, String allWords, Exponents all, List<String> lines) {
    String topWords =
        top.map(found -> "Top of the range, " + ScreenText.range(found.from(), found.to()))
            .map(words -> words + " FLOPs:")
            .orElse("");
    top.ifPresent(found -> wrap(topWords, exponents(found.exponents()), lines));
    String label = allWords + ":";
    wrap(
        label, " ".repeat(Math.max(0, topWords.length() - label.length())) + exponents(all), lines);
  }

  private static String exponents(Exponents found) {
    return "N* ~ C^"
        + ScreenText.estimate(found.a(), Quantities::exponent)
        + ", D* ~ C^"
        + ScreenText.estimate(found.b(), Quantities::exponent);
  }

  private static void straightness(Straightness found, List<String> lines) {
    String chance =
        found.pValue() < SMALLEST_CHANCE
            ? "p < 0.0001"
            : Quantities.format("p = %.2g", found.pValue());
    wrap(
        "Straightness:",
        Quantities.format(
            "one line %s (%s); a changes by %s per decade",
            found.straight() ? "will do" : "will not do",
            chance,
            ScreenText.estimate(found.drift(), value -> Quantities.format("%+.3f", value))),
        lines);
  }

  private static void allocation(FrontierPoint point, List<String> lines) {
    wrap(
        "",
        Quantities.format(
            "At %s FLOPs, %.1f decades beyond: N* %s, D* %s%s, %s tokens per param",
            Quantities.flops(point.budget()),
            point.decadesBeyond(),
            ScreenText.count(point.params()),
            ScreenText.count(point.tokens()),
            point
                .loss()
                .map(loss -> ", loss " + ScreenText.estimate(loss, AnalysisSummary::threeDecimals))
                .orElse(""),
            Quantities.count(point.tokens().value() / point.params().value())),
        lines);
  }

  private static String threeDecimals(double loss) {
    return Quantities.format("%.3f", loss);
  }

  private static void law(LawResult result, List<String> lines) {
    Law law = result.law();
    wrap(
        "Law:",
        Quantities.format(
            "L = %s + %s/N^%s + %s/D^%s; E %s, alpha %s, beta %s",
            coefficient(law.e()),
            coefficient(law.a()),
            Quantities.exponent(law.alpha()),
            coefficient(law.b()),
            Quantities.exponent(law.beta()),
            ScreenText.interval(result.e().interval(), AnalysisSummary::coefficient),
            ScreenText.interval(result.alpha().interval(), AnalysisSummary::twoDecimals),
            ScreenText.interval(result.beta().interval(), AnalysisSummary::twoDecimals)),
        lines);
  }

  private static String twoDecimals(double exponent) {
    return Quantities.format("%.2f", exponent);
  }

  private static String coefficient(double value) {
    return value == 0 || (value >= 1e-3 && value < 1e6)
        ? Quantities.digits(value)
        : Quantities.flops(value);
  }
}
