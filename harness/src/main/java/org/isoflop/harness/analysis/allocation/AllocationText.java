package org.isoflop.harness.analysis.allocation;

import static org.isoflop.harness.ScreenLines.wrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.analysis.allocation.LawAllocation.EqualLoss;
import org.isoflop.harness.analysis.allocation.LawAllocation.InferenceOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.RepeatedOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.Estimate;

/** An allocation as a few lines of plain text, at most 100 columns wide, the answer first. */
public final class AllocationText {

  private static final String ROW = "  %-19s %-23s %-24s %s";

  private AllocationText() {}

  /** Returns what the answers rest on, and what to doubt about it, for the top of the screen. */
  public static List<String> header(String source, Allocator allocator) {
    MeasuredRange measured = allocator.measured();
    List<String> lines = new ArrayList<>();
    wrap(
        "",
        source
            + ": optima measured from "
            + Quantities.flops(measured.lowest())
            + " to "
            + Quantities.flops(measured.highest())
            + " FLOPs; 95% intervals in brackets",
        lines);
    allocator.warnings().forEach(warning -> wrap("", "warning: " + warning, lines));
    return lines;
  }

  /** Returns the train-optimal split and how far beyond the measured budgets it lies. */
  public static List<String> answer(Allocation allocation) {
    List<String> lines = new ArrayList<>();
    wrap("", sentence(allocation), lines);
    return lines;
  }

  /** Returns the cautions, then what the law says beyond the answer. */
  public static List<String> details(Allocation allocation) {
    List<String> lines = new ArrayList<>();
    allocation.cautions().forEach(caution -> wrap("  ", "caution: " + caution, lines));
    allocation.law().value().ifPresent(law -> law(law, allocation, lines));
    return lines;
  }

  /**
   * Returns what the answers rest on: lines for the foot of the screen.
   *
   * @param uniqueTokens how many there are, in words, where somebody says
   * @param repeats whether an answer has more tokens than that
   */
  public static List<String> footnotes(
      Allocator allocator, Optional<String> uniqueTokens, boolean repeats) {
    List<String> lines = new ArrayList<>();
    uniqueTokens.ifPresent(sentence -> wrap("", sentence, lines));
    allocator.law().value().ifPresent(found -> law(found.sample().law(), lines));
    allocator
        .bits()
        .ifPresent(
            bits ->
                wrap(
                    "",
                    Quantities.format(
                        "A loss of 1 nat per token%s is %.3f bits per byte of the held-out text.",
                        allocator.law().value().isPresent() ? ", in which the law is," : "",
                        bits.perNat()),
                    lines));
    if (repeats) {
      wrap(
          "",
          Quantities.format(
              "What repeated tokens are worth is taken from Muennighoff et al. 2023 (decay after"
                  + " %.1f repetitions, of excess params after %.1f), not from these points; the"
                  + " intervals leave that out.",
              RepeatedDataLaw.TOKENS_DECAY, RepeatedDataLaw.PARAMS_DECAY),
          lines);
    }
    return lines;
  }

  private static void law(Law law, List<String> lines) {
    wrap(
        "",
        Quantities.format(
            "The law is L = %s + %s/N^%s + %s/D^%s, and compute by it is C = 6ND.",
            coefficient(law.e()),
            coefficient(law.a()),
            coefficient(law.alpha()),
            coefficient(law.b()),
            coefficient(law.beta())),
        lines);
  }

  private static String coefficient(double value) {
    return value == 0 || (value >= 1e-3 && value < 1e6)
        ? Quantities.digits(value)
        : Quantities.flops(value);
  }

  private static String sentence(Allocation allocation) {
    TrainOptimal optimum = allocation.trainOptimal();
    double ratio = optimum.tokens().value() / optimum.params().value();
    return Quantities.flops(allocation.question().budget())
        + " FLOPs, "
        + MeasuredRange.words(allocation.decadesBeyond())
        + ": N* "
        + count(optimum.params())
        + ", D* "
        + count(optimum.tokens())
        + optimum
            .loss()
            .map(
                loss ->
                    ", loss "
                        + loss(loss, allocation)
                        + allocation.bits().map(bits -> " bits per byte").orElse(""))
            .orElse("")
        + "; "
        + Quantities.digits(ratio)
        + " tokens per param";
  }

  private static void law(LawAllocation law, Allocation allocation, List<String> lines) {
    String losses = allocation.bits().isPresent() ? "bits per byte" : "";
    lines.add(Quantities.format(ROW, "by the law", "params", "tokens", losses).stripTrailing());
    if (allocation.frontier().value().isPresent()) {
      TrainOptimal optimum = law.trainOptimal();
      row(
          "train-optimal",
          optimum.params(),
          optimum.tokens(),
          cell(optimum.loss().orElseThrow(), allocation),
          lines);
    }
    law.uniqueTokens()
        .filter(found -> allocation.repeats())
        .ifPresent(found -> uniqueTokens(found, allocation, lines));
    lines.add("  by the law, at the loss of N* and D*");
    law.inference().ifPresent(found -> inference(found, lines));
    law.equalLoss().forEach(found -> equalLoss(found, lines));
  }

  private static void inference(InferenceOptimum found, List<String> lines) {
    row(
        "serving " + Quantities.count(found.inferenceTokens()),
        found.params(),
        found.tokens(),
        "",
        lines);
    wrap(
        "    ",
        "takes "
            + text(found.share(), value -> Quantities.format("%.2f", value))
            + " of the FLOPs of N*: "
            + Quantities.flops(found.trainingFlops().value())
            + " to train, "
            + MeasuredRange.words(found.decadesBeyond())
            + ", and "
            + Quantities.flops(found.inferenceFlops().value())
            + " to serve",
        lines);
  }

  private static void uniqueTokens(
      RepeatedOptimum found, Allocation allocation, List<String> lines) {
    row(
        Quantities.count(found.uniqueTokens()) + " unique",
        found.params(),
        found.tokens(),
        cell(found.loss(), allocation),
        lines);
    wrap(
        "    ",
        found.epochs().value() > 1
            ? text(found.epochs(), epochs -> Quantities.format("%.1f", epochs))
                + " epochs; the limit costs "
                + loss(found.lossCost(), allocation)
                + (allocation.bits().isPresent() ? " bits per byte" : " nats per token")
            : "by the law no token is repeated: the limit changes nothing",
        lines);
  }

  private static void equalLoss(EqualLoss found, List<String> lines) {
    String factor = text(found.computeFactor(), AllocationText::factor);
    row(
        size(found.size()),
        found.params(),
        found.tokens(),
        found.reachable() ? factor + " C" : "cannot reach it " + factor.replaceFirst("\\S+ ", ""),
        lines);
  }

  private static String size(double size) {
    if (size < 1 && Math.rint(1 / size) == 1 / size) {
      return "1/" + Math.round(1 / size) + " of N*";
    }
    return Quantities.digits(size) + " N*";
  }

  private static String factor(double factor) {
    return Double.isInfinite(factor) ? "inf" : Quantities.format("%.2f", factor);
  }

  /** Returns a loss for a row; bits per byte are what the heading says. */
  private static String cell(Estimate nats, Allocation allocation) {
    String loss = loss(nats, allocation);
    return allocation.bits().isPresent() ? loss : "loss " + loss;
  }

  /** Returns a loss in bits per byte where tokens are not bytes, else in nats per token. */
  private static String loss(Estimate nats, Allocation allocation) {
    return text(
        allocation.bits().map(bits -> nats.map(bits::of)).orElse(nats), AllocationText::loss);
  }

  /** Returns a loss to three decimals. */
  static String loss(double loss) {
    return Quantities.format("%.3f", loss);
  }

  private static String count(Estimate estimate) {
    return text(estimate, value -> Double.isInfinite(value) ? "inf" : Quantities.count(value));
  }

  private static String text(Estimate estimate, DoubleFunction<String> number) {
    return number.apply(estimate.value()) + " " + estimate.interval().text(number);
  }

  private static void row(
      String what, Estimate params, Estimate tokens, String result, List<String> lines) {
    String cells = Quantities.format(ROW, what, count(params), count(tokens), "");
    if (cells.length() + result.length() > ScreenLines.WIDTH) {
      lines.add(cells.stripTrailing());
      lines.add("    " + result);
    } else {
      lines.add((cells + result).stripTrailing());
    }
  }
}
