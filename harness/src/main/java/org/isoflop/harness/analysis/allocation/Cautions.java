package org.isoflop.harness.analysis.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.allocation.Allocation.Question;
import org.isoflop.harness.analysis.allocation.LawAllocation.InferenceOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/** What a careful reader should know about one allocation before acting on it. */
final class Cautions {

  /** Exponents of public sets drift by more than their intervals over more decades than this. */
  private static final double FAR = 1;

  /** N* or D* closer than this, as a share, train the same model for all anyone could tell. */
  private static final double SAME_SPLIT = 0.05;

  /** Losses closer than this, as a share, likewise. */
  private static final double SAME_LOSS = 0.005;

  /** 6ND further than this from the budget, as a share, is another convention. */
  private static final double SIX_ND = 0.05;

  /** D/N further than this factor outside the measured ones is outside them. */
  private static final double TOKENS_PER_PARAM = 2;

  private Cautions() {}

  /**
   * Returns the cautions.
   *
   * @param lawAtSame6nd what the law says of 6·N*·D* of the optima, where there are both: budgets
   *     may count other FLOPs, and two answers can only contradict each other at equal compute
   * @param lackOfFit why the law does not fit, if it does not
   * @param bits what losses are said in, where tokens are not bytes
   */
  static List<String> of(
      Question question,
      MeasuredRange measured,
      double decadesBeyond,
      Fitted<FrontierPoint> frontier,
      Fitted<LawAllocation> law,
      Optional<TrainOptimal> lawAtSame6nd,
      Optional<String> lackOfFit,
      Optional<BitsPerByte> bits) {
    List<String> cautions = new ArrayList<>();
    if (law.value().isPresent()) {
      lackOfFit.ifPresent(cautions::add);
    }
    far("This budget", decadesBeyond, cautions);
    question.uniqueTokens().ifPresent(unique -> repeats(unique, frontier, law, cautions));
    frontier
        .refused()
        .ifPresent(why -> cautions.add("By the law alone, as the optima give no line: " + why));
    law.refused().ifPresent(why -> cautions.add("By the optima alone, as there is no law: " + why));
    if (frontier.value().isPresent() && lawAtSame6nd.isPresent()) {
      disagreement(frontier.value().get(), lawAtSame6nd.get(), bits, cautions);
      sixNd(frontier.value().get(), cautions);
    }
    law.value()
        .flatMap(LawAllocation::inference)
        .ifPresent(found -> inference(found, decadesBeyond, measured, cautions));
    return cautions;
  }

  private static void far(String what, double decades, List<String> cautions) {
    if (Math.abs(decades) > FAR) {
      cautions.add(
          what
              + Quantities.format(
                  " extrapolates by %.1f decades; exponents drift with compute in every public set"
                      + " that spans several, and these intervals assume they do not.",
                  Math.abs(decades)));
    }
  }

  private static void repeats(
      double unique,
      Fitted<FrontierPoint> frontier,
      Fitted<LawAllocation> law,
      List<String> cautions) {
    double tokens =
        frontier
            .value()
            .map(FrontierPoint::tokens)
            .orElseGet(() -> law.value().orElseThrow().trainOptimal().tokens())
            .value();
    if (tokens > unique) {
      cautions.add(
          Quantities.format(
              "D* is of fresh tokens, and %s epochs of the %s there are, worth %s of fresh ones%s.",
              Quantities.digits(tokens / unique),
              Quantities.count(unique),
              Quantities.count(RepeatedDataLaw.effectiveTokens(tokens, unique)),
              law.value().isPresent()
                  ? "; by the law the best allocation with repeats is that of "
                      + Quantities.count(unique)
                      + " unique"
                  : ""));
    }
  }

  private static void disagreement(
      FrontierPoint optima, TrainOptimal law, Optional<BitsPerByte> bits, List<String> cautions) {
    List<String> apart = new ArrayList<>();
    apart("N*", optima.params(), law.params(), SAME_SPLIT, Quantities::count).ifPresent(apart::add);
    apart("D*", optima.tokens(), law.tokens(), SAME_SPLIT, Quantities::count).ifPresent(apart::add);
    if (optima.loss().isPresent() && law.loss().isPresent()) {
      DoubleFunction<String> words =
          loss -> Words.ROUND_LOSS.of(bits.map(unit -> unit.of(loss)).orElse(loss));
      apart("L*", optima.loss().get(), law.loss().get(), SAME_LOSS, words).ifPresent(apart::add);
    }
    if (!apart.isEmpty()) {
      cautions.add(
          "At the same 6ND the optima and the law disagree by more than their intervals: "
              + String.join(", ", apart)
              + ".");
    }
  }

  private static Optional<String> apart(
      String what, Estimate optima, Estimate law, double same, DoubleFunction<String> words) {
    Interval one = optima.interval();
    Interval other = law.interval();
    boolean disjoint = one.high() < other.low() || other.high() < one.low();
    return disjoint && Math.abs(Math.log(law.value() / optima.value())) > same
        ? Optional.of(
            what + " " + words.apply(optima.value()) + " against " + words.apply(law.value()))
        : Optional.empty();
  }

  private static void sixNd(FrontierPoint optima, List<String> cautions) {
    double share = 6 * optima.params().value() * optima.tokens().value() / optima.budget();
    if (Math.abs(share - 1) > SIX_ND) {
      cautions.add(
          Quantities.format(
              "6ND of the optimum is %.2f of the budget, which was counted another way; the answers"
                  + " by the law spend C = 6ND.",
              share));
    }
  }

  private static void inference(
      InferenceOptimum found, double decadesBeyond, MeasuredRange measured, List<String> cautions) {
    if (Math.abs(decadesBeyond) <= FAR) {
      far("Training the model to serve", found.decadesBeyond(), cautions);
    }
    double ratio = found.tokens().value() / found.params().value();
    if (ratio > TOKENS_PER_PARAM * measured.mostTokensPerParam()) {
      cautions.add(
          "The model to serve sees "
              + Quantities.digits(ratio)
              + " tokens per param, the points at most "
              + Quantities.digits(measured.mostTokensPerParam())
              + "; laws from fewer tokens per param overrate such long training (Sardana et al."
              + " 2024).");
    }
  }
}
