package org.isoflop.harness.analysis;

import static org.isoflop.harness.ScreenLines.wrap;

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
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The analysis as plain text of at most 100 columns: the exponents with their intervals, then what
 * changes or endangers them, then what they rest on.
 */
public final class AnalysisSummary {

  /** Smaller chances than this are as good as none. */
  private static final double SMALLEST_CHANCE = 1e-4;

  /** Of decades, to the first decimal. */
  private static final double ROUNDING = 0.05;

  private AnalysisSummary() {}

  /**
   * Returns what answers the question, on one terminal screen: the exponents, whether one line will
   * do, the split a decade beyond, the warnings, the optimum of every budget, and the exponents by
   * the three approaches of Hoffmann et al. 2022. The last line counts what {@link #fullText} has
   * more.
   */
  public static String text(Analysis analysis) {
    List<String> lines = answer(analysis);
    SummaryTables.optima(analysis, SummaryTables.FEW, lines);
    SummaryTables.approaches(analysis, lines);
    // Else it is a warning, which stands above.
    analysis
        .separateRuns()
        .filter(found -> !found.certain())
        .ifPresent(found -> section(labelled("", List.of(found.sentence())), lines));
    lines.add("");
    wrap("", "More with --full: " + more(analysis), lines);
    return String.join("\n", lines) + "\n";
  }

  /**
   * Returns the same with nothing left out: every budget and local exponent, every method and
   * convention, the parametric law, and the notes.
   */
  public static String fullText(Analysis analysis) {
    List<String> lines = answer(analysis);
    SummaryTables.optima(analysis, Integer.MAX_VALUE, lines);
    SummaryTables.local(analysis, lines);
    SummaryTables.methods(analysis, lines);
    List<String> law = new ArrayList<>();
    analysis.law().ifPresent(found -> law(found, law));
    section(law, lines);
    section(labelled("note:", analysis.notes()), lines);
    return String.join("\n", lines) + "\n";
  }

  private static List<String> answer(Analysis analysis) {
    List<String> lines = new ArrayList<>();
    headline(analysis, lines);
    // A line that will not do is a warning, which says the rest.
    analysis
        .straightness()
        .filter(Straightness::straight)
        .ifPresent(found -> linearity(found, lines));
    analysis.allocation().stream()
        .filter(point -> point.decadesBeyond() > 0)
        .min(Comparator.comparingDouble(point -> Math.abs(point.decadesBeyond() - 1)))
        .ifPresent(point -> allocation(analysis, point, lines));
    analysis.noise().sentence().ifPresent(found -> wrap("Noise:", found, lines));
    // A rate that is certainly off is a warning.
    analysis
        .rateControl()
        .filter(found -> !found.certain())
        .ifPresent(found -> wrap("Learning rate:", found.sentence(), lines));
    section(labelled("warning:", analysis.warnings()), lines);
    lines.add("");
    wrap(
        "",
        Quantities.format(
            "%s at %s; %s; 95%% intervals in brackets",
            plural(analysis.points(), "loss point"),
            plural(analysis.curves().size(), "budget"),
            analysis.convention().words()),
        lines);
    return lines;
  }

  private static String more(Analysis analysis) {
    List<String> parts = new ArrayList<>();
    if (!analysis.notes().isEmpty()) {
      parts.add(plural(analysis.notes().size(), "note"));
    }
    if (!analysis.local().isEmpty() || !analysis.lawWindows().isEmpty()) {
      parts.add("local exponents");
    }
    parts.add("all methods and conventions");
    analysis.law().ifPresent(law -> parts.add("the parametric law"));
    return String.join(", ", parts);
  }

  private static String plural(int count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private static List<String> labelled(String label, List<String> sentences) {
    List<String> section = new ArrayList<>();
    sentences.forEach(sentence -> wrap(label, sentence, section));
    return section;
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
    // Two optima give no line, but the exponent between them.
    analysis
        .local()
        .forEach(
            between ->
                wrap(
                    "From " + ScreenText.range(between.from(), between.to()) + " FLOPs:",
                    exponents(between.exponents()),
                    lines));
    Optional<Exponents> byLaw = analysis.exponents(Method.PARAMETRIC);
    if (byLaw.isEmpty()) {
      lines.add("No method gives exponents of all budgets.");
    } else {
      lines.add("By " + Method.PARAMETRIC.words() + " alone:");
      List<LocalExponent> windows = analysis.lawWindows();
      headline(
          windows.stream().skip(Math.max(0, windows.size() - 1)).findFirst(),
          "All points",
          byLaw.get(),
          lines);
    }
    analysis.refused().ifPresent(why -> wrap(SummaryTables.refused(Method.ISOFLOP), why, lines));
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

  private static void linearity(Straightness found, List<String> lines) {
    String chance =
        found.pValue() < SMALLEST_CHANCE
            ? "p < 0.0001"
            : Quantities.format("p = %.2g", found.pValue());
    wrap(
        "Linearity test:",
        Quantities.format(
            "one line will do (%s); a changes by %s per decade",
            chance, ScreenText.estimate(found.drift(), value -> Quantities.format("%+.3f", value))),
        lines);
  }

  private static void allocation(Analysis analysis, FrontierPoint point, List<String> lines) {
    wrap(
        "",
        Quantities.format(
            "%s, %s FLOPs: N* %s, D* %s%s, %s tokens per param",
            Math.abs(point.decadesBeyond() - 1) < ROUNDING
                ? "A decade beyond"
                : Quantities.format("%.1f decades beyond", point.decadesBeyond()),
            Quantities.flops(point.budget()),
            ScreenText.count(point.params()),
            ScreenText.count(point.tokens()),
            point
                .loss()
                .map(
                    loss ->
                        analysis
                            .bitsPerByte(loss)
                            .map(bits -> ", loss " + threeDecimals(bits) + " bits per byte")
                            .orElseGet(() -> ", loss " + threeDecimals(loss)))
                .orElse(""),
            Quantities.count(point.tokens().value() / point.params().value())),
        lines);
  }

  private static String threeDecimals(Estimate loss) {
    return ScreenText.estimate(loss, value -> Quantities.format("%.3f", value));
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
