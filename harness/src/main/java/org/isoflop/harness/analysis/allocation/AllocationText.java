package org.isoflop.harness.analysis.allocation;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.analysis.allocation.LawAllocation.EqualLoss;
import org.isoflop.harness.analysis.allocation.LawAllocation.InferenceOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.RepeatedOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;

/** An allocation as a few lines of plain text, at most 100 columns wide, the answer first. */
public final class AllocationText {

  private static final String ROW = "  %-19s %-23s %-24s %s";

  private AllocationText() {}

  /** Returns what the answers rest on, and what to doubt about it, for the top of the screen. */
  public static List<String> header(String source, Allocator allocator) {
    MeasuredRange measured = allocator.measured();
    ScreenLines lines = new ScreenLines();
    lines.wrap(
        "",
        "%s: optima measured from %s FLOPs; 95%% intervals in brackets",
        source,
        Quantities.range(measured.lowest(), measured.highest()));
    allocator.warnings().forEach(warning -> lines.wrap("", "warning: " + warning));
    return lines.all();
  }

  /** Returns the train-optimal allocation and how far beyond the measured budgets it lies. */
  public static List<String> answer(Allocation allocation) {
    ScreenLines lines = new ScreenLines();
    lines.wrap("", sentence(allocation));
    return lines.all();
  }

  /** Returns the cautions, then what the law says beyond the answer. */
  public static List<String> details(Allocation allocation) {
    ScreenLines lines = new ScreenLines();
    allocation.cautions().forEach(caution -> lines.wrap("  ", "caution: " + caution));
    allocation.law().value().ifPresent(law -> law(law, allocation, lines));
    return lines.all();
  }

  /**
   * Returns what the answers rest on: lines for the foot of the screen.
   *
   * @param uniqueTokens how many there are, in words, where somebody says
   * @param repeats whether an answer has more tokens than that
   */
  public static List<String> footnotes(
      Allocator allocator, Optional<String> uniqueTokens, boolean repeats) {
    ScreenLines lines = new ScreenLines();
    uniqueTokens.ifPresent(sentence -> lines.wrap("", sentence));
    allocator.law().value().ifPresent(found -> law(found.sample().law(), lines));
    allocator
        .bits()
        .ifPresent(
            bits ->
                lines.wrap(
                    "",
                    "A loss of 1 nat per token%s is %.3f bits per byte of the held-out text.",
                    allocator.law().value().isPresent() ? ", in which the law is," : "",
                    bits.perNat()));
    if (repeats) {
      lines.wrap(
          "",
          "What repeated tokens are worth is taken from Muennighoff et al. 2023 (decay after"
              + " %.1f repetitions, of excess params after %.1f), not from these points; the"
              + " intervals leave that out.",
          RepeatedDataLaw.TOKENS_DECAY,
          RepeatedDataLaw.PARAMS_DECAY);
    }
    return lines.all();
  }

  private static void law(Law law, ScreenLines lines) {
    lines.wrap(
        "",
        "The law is L = %s + %s/N^%s + %s/D^%s, and compute by it is C = 6ND.",
        Words.COEFFICIENT.of(law.e()),
        Words.COEFFICIENT.of(law.a()),
        Words.COEFFICIENT.of(law.alpha()),
        Words.COEFFICIENT.of(law.b()),
        Words.COEFFICIENT.of(law.beta()));
  }

  private static String sentence(Allocation allocation) {
    TrainOptimal optimum = allocation.trainOptimal();
    String unit = allocation.bits().map(bits -> " bits per byte").orElse("");
    return Quantities.format(
        "%s FLOPs, %s: N* %s, D* %s%s; %s tokens per param",
        Quantities.flops(allocation.question().budget()),
        MeasuredRange.words(allocation.decadesBeyond()),
        Words.COUNT.of(optimum.params()),
        Words.COUNT.of(optimum.tokens()),
        optimum.loss().map(loss -> ", loss " + loss(loss, allocation) + unit).orElse(""),
        Quantities.digits(optimum.tokens().value() / optimum.params().value()));
  }

  private static void law(LawAllocation law, Allocation allocation, ScreenLines lines) {
    String losses = allocation.bits().isPresent() ? "bits per byte" : "";
    lines.add(Quantities.format(ROW, "by the law", "params", "tokens", losses).stripTrailing());
    if (allocation.frontier().value().isPresent()) {
      TrainOptimal optimum = law.trainOptimal();
      String loss = cell(optimum.loss().orElseThrow(), allocation);
      row("train-optimal", optimum.params(), optimum.tokens(), loss, lines);
    }
    law.uniqueTokens()
        .filter(found -> allocation.repeats())
        .ifPresent(found -> uniqueTokens(found, allocation, lines));
    lines.add("  by the law, at the loss of N* and D*");
    law.inference().ifPresent(found -> inference(found, lines));
    law.equalLoss().forEach(found -> equalLoss(found, lines));
  }

  private static void inference(InferenceOptimum found, ScreenLines lines) {
    String what = "serving " + Quantities.count(found.inferenceTokens());
    row(what, found.params(), found.tokens(), "", lines);
    lines.wrap(
        "    ",
        "takes %s of the FLOPs of N*: %s to train, %s, and %s to serve",
        Words.FACTOR.of(found.share()),
        Quantities.flops(found.trainingFlops().value()),
        MeasuredRange.words(found.decadesBeyond()),
        Quantities.flops(found.inferenceFlops().value()));
  }

  private static void uniqueTokens(
      RepeatedOptimum found, Allocation allocation, ScreenLines lines) {
    String what = Quantities.count(found.uniqueTokens()) + " unique";
    row(what, found.params(), found.tokens(), cell(found.loss(), allocation), lines);
    if (found.epochs().value() > 1) {
      lines.wrap(
          "    ",
          "%s epochs; the limit costs %s %s",
          Words.TENTHS.of(found.epochs()),
          loss(found.lossCost(), allocation),
          allocation.bits().isPresent() ? "bits per byte" : "nats per token");
    } else {
      lines.wrap("    ", "by the law no token is repeated: the limit changes nothing");
    }
  }

  private static void equalLoss(EqualLoss found, ScreenLines lines) {
    row(
        size(found.size()),
        found.params(),
        found.tokens(),
        found.reachable()
            ? Words.FACTOR.of(found.computeFactor()) + " C"
            : "cannot reach it " + Words.FACTOR.of(found.computeFactor().interval()),
        lines);
  }

  private static String size(double size) {
    if (size < 1 && Math.rint(1 / size) == 1 / size) {
      return "1/" + Math.round(1 / size) + " of N*";
    }
    return Quantities.digits(size) + " N*";
  }

  /** Returns a loss for a row; bits per byte are what the heading says. */
  private static String cell(Estimate nats, Allocation allocation) {
    String loss = loss(nats, allocation);
    return allocation.bits().isPresent() ? loss : "loss " + loss;
  }

  /** Returns a loss in bits per byte where tokens are not bytes, else in nats per token. */
  private static String loss(Estimate nats, Allocation allocation) {
    return Words.ROUND_LOSS.of(allocation.bits().map(bits -> nats.map(bits::of)).orElse(nats));
  }

  private static void row(
      String what, Estimate params, Estimate tokens, String result, ScreenLines lines) {
    String cells = Quantities.format(ROW, what, Words.COUNT.of(params), Words.COUNT.of(tokens), "");
    if (cells.length() + result.length() > ScreenLines.WIDTH) {
      lines.add(cells.stripTrailing());
      lines.add("    " + result);
    } else {
      lines.add((cells + result).stripTrailing());
    }
  }
}
