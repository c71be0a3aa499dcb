package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * One of the sentences that answer what an analysis was asked, the same on the screen and on the
 * page: the exponents, whether one line will do, and the allocation a decade beyond.
 *
 * @param label what the sentence is of; may be empty
 * @param sentence without a full stop; blanks before it align it with the one above
 */
public record Answer(String label, String sentence) {

  /** Of decades, to the first decimal. */
  private static final double ROUNDING = 0.05;

  /** Returns the answers, the exponents first. */
  public static List<Answer> of(Analysis analysis) {
    List<Answer> answers = new ArrayList<>(exponents(analysis));
    // A line that will not do is a warning, which says the rest.
    analysis
        .straightness()
        .filter(LinearityTest::straight)
        .ifPresent(found -> answers.add(new Answer("Linearity test", linearity(found))));
    analysis.frontier().allocation().stream()
        .filter(point -> point.decadesBeyond() > 0)
        .min(Comparator.comparingDouble(point -> Math.abs(point.decadesBeyond() - 1)))
        .ifPresent(point -> answers.add(new Answer("", allocation(analysis, point))));
    return answers;
  }

  /** Returns what the answers rest on. */
  public static String basis(Analysis analysis) {
    return Quantities.format(
        "%s at %s; %s; 95%% intervals in brackets",
        Quantities.plural(analysis.points(), "loss point"),
        Quantities.plural(analysis.curves().size(), "budget"),
        analysis.convention().words());
  }

  /** Returns whether one line describes the optima. */
  public static String linearity(LinearityTest found) {
    return Quantities.format(
        "one line will %s (p = %.2g); a changes by %s per decade",
        found.straight() ? "do" : "not do", found.pValue(), Words.CHANGE.of(found.drift()));
  }

  private static List<Answer> exponents(Analysis analysis) {
    if (analysis.isoflop().isPresent()) {
      long optima = analysis.curves().stream().filter(c -> c.optimum().isPresent()).count();
      // With few budgets the top of the range is all of it, and one line says both.
      return exponents(
          analysis.top().filter(top -> top.optima() < optima),
          "All budgets",
          analysis.isoflop().get());
    }
    List<Answer> answers = new ArrayList<>();
    // Two optima give no line, but the exponent between them.
    for (LocalExponent between : analysis.part(Part.LOCAL)) {
      answers.add(
          new Answer(
              "From " + Quantities.range(between.from(), between.to()) + " FLOPs",
              words(between.exponents())));
    }
    Optional<Exponents> byLaw = analysis.exponents(Method.PARAMETRIC);
    if (byLaw.isEmpty()) {
      answers.add(new Answer("", "No method gives exponents of all budgets."));
    } else {
      answers.add(new Answer("", "By " + Method.PARAMETRIC.words() + " alone:"));
      Optional<LocalExponent> highest =
          analysis.part(Part.LAW_WINDOWS).stream().reduce((lower, higher) -> higher);
      answers.addAll(exponents(highest, "All points", byLaw.get()));
    }
    analysis
        .refused(Method.ISOFLOP)
        .ifPresent(why -> answers.add(new Answer(Method.ISOFLOP.words() + " refused", why)));
    return answers;
  }

  private static List<Answer> exponents(Optional<LocalExponent> top, String label, Exponents all) {
    if (top.isEmpty()) {
      return List.of(new Answer(label, words(all)));
    }
    LocalExponent found = top.get();
    String above = "Top of the range, " + Quantities.range(found.from(), found.to()) + " FLOPs";
    String aligned = " ".repeat(Math.max(0, above.length() - label.length())) + words(all);
    return List.of(new Answer(above, words(found.exponents())), new Answer(label, aligned));
  }

  private static String words(Exponents found) {
    return "N* ~ C^" + Words.EXPONENT.of(found.a()) + ", D* ~ C^" + Words.EXPONENT.of(found.b());
  }

  private static String allocation(Analysis analysis, FrontierPoint point) {
    double decades = point.decadesBeyond();
    return Quantities.format(
        "%s beyond, %s FLOPs: N* %s, D* %s%s, %s tokens per param",
        Math.abs(decades - 1) < ROUNDING ? "A decade" : Quantities.format("%.1f decades", decades),
        Quantities.flops(point.budget()),
        Words.COUNT.of(point.params()),
        Words.COUNT.of(point.tokens()),
        point.loss().map(nats -> ", loss " + loss(analysis, nats)).orElse(""),
        Quantities.count(point.tokens().value() / point.params().value()));
  }

  private static String loss(Analysis analysis, Estimate nats) {
    return analysis
        .bitsPerByte(nats)
        .map(bits -> Words.ROUND_LOSS.of(bits) + " bits per byte")
        .orElseGet(() -> Words.ROUND_LOSS.of(nats));
  }
}
