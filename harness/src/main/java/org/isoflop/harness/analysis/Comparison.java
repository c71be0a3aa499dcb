package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.isoflop.FrontierContrast;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.LossRange;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Slopes;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Split;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Sweeps of several recipes side by side, each held against the first, the baseline. What is
 * assumed of their errors stands at {@link FrontierContrast}.
 *
 * @param sets each with its own analysis, the baseline first
 * @param contrasts one for each set but the baseline, in their order
 */
public record Comparison(List<Member> sets, List<Contrast> contrasts) {

  /** Equal losses closer than this, as a factor of compute, need no second row. */
  private static final double NEAR = 1.25;

  /** Copies the lists. */
  public Comparison {
    sets = List.copyOf(sets);
    contrasts = List.copyOf(contrasts);
  }

  /**
   * Points to compare.
   *
   * @param name what to call them
   * @param points at least one, all sets in one convention
   */
  public record Input(String name, LossPoints points) {}

  /**
   * One of the sets.
   *
   * @param optima behind its analysis
   * @param bitsPerNat bits per byte of text for a nat per token, where its points say it
   */
  public record Member(
      String name, Analysis analysis, RobustIsoFlop optima, OptionalDouble bitsPerNat) {

    private Stream<String> withoutExponents() {
      return optima.exponents().refused().map(why -> name + " has no exponents: " + why).stream();
    }

    private String range() {
      EfficientFrontier frontier = optima.frontier().value().orElseThrow();
      return name + " " + Quantities.range(frontier.lowest(), frontier.highest());
    }

    private String bytesPerToken() {
      return Quantities.digits(1 / (bitsPerNat.orElseThrow() * Math.log(2)));
    }
  }

  /**
   * A setting that two recipes differ in.
   *
   * @param key its name
   * @param baseline its value in the baseline
   * @param other in the other
   */
  public record Difference(String key, String baseline, String other) {}

  /**
   * What is known of how two sets were made, beside their points.
   *
   * @param differences what differs between the recipes, or why that is not known
   * @param sameText whether both are known to have taken their losses on one held-out text
   * @param otherText why they have not, where that is known, one sentence
   * @param cautions what else to keep in mind, one sentence each
   */
  public record Recipes(
      Fitted<List<Difference>> differences,
      boolean sameText,
      Optional<String> otherText,
      List<String> cautions) {

    /** Copies the list. */
    public Recipes {
      cautions = List.copyOf(cautions);
    }
  }

  /**
   * Compute at equal loss.
   *
   * @param unit of the losses, in words
   * @param shown the lowest loss that both have measured, and up to two more, lowest first
   * @param drawn losses over the whole range that both have measured
   */
  public record Gain(String unit, List<EqualLoss> shown, List<EqualLoss> drawn) {

    /** Copies the lists. */
    public Gain {
      shown = List.copyOf(shown);
      drawn = List.copyOf(drawn);
    }
  }

  /**
   * One set against the baseline.
   *
   * @param name of the set
   * @param recipes what is known of both
   * @param exponents over all optima first, then over the common budgets where these are others
   * @param splits at every budget asked for, or at the highest that both have measured
   * @param gain of the set over the baseline
   * @param cautions in what light to read the numbers, one sentence each
   */
  public record Contrast(
      String name,
      Recipes recipes,
      Fitted<List<Slopes>> exponents,
      Fitted<List<Split>> splits,
      Fitted<Gain> gain,
      List<String> cautions) {

    /** Copies the list. */
    public Contrast {
      cautions = List.copyOf(cautions);
    }
  }

  /**
   * Compares.
   *
   * @param inputs at least two, the baseline first
   * @param recipes what is known of the baseline and the set with a number, from 1 on
   * @param budgets FLOPs at which to compare the splits; none: the highest that both have measured
   * @throws BadInputException where a set has no point
   */
  public static Comparison of(
      List<Input> inputs,
      IntFunction<Recipes> recipes,
      List<Double> budgets,
      AnalysisSettings settings) {
    List<Member> sets = inputs.stream().map(input -> member(input, settings)).toList();
    List<Contrast> contrasts = new ArrayList<>();
    for (int i = 1; i < sets.size(); i++) {
      contrasts.add(contrast(sets.get(0), sets.get(i), recipes.apply(i), budgets));
    }
    return new Comparison(sets, contrasts);
  }

  private static Member member(Input input, AnalysisSettings settings) {
    IsoFlopAnalysis.WithOptima found = IsoFlopAnalysis.analyzeWithOptima(input.points(), settings);
    return new Member(
        input.name(),
        found.analysis(),
        found.optima(),
        LossPoint.bitsPerNat(input.points().points()));
  }

  private static Contrast contrast(
      Member baseline, Member other, Recipes recipes, List<Double> budgets) {
    return Stream.of(baseline, other)
        .flatMap(Member::withoutExponents)
        .findFirst()
        .map(
            why ->
                new Contrast(
                    other.name(),
                    recipes,
                    Fitted.refused(why),
                    Fitted.refused(why),
                    Fitted.refused(recipes.otherText().orElse(why)),
                    recipes.cautions()))
        .orElseGet(() -> Pairing.of(baseline, other, recipes).contrast(budgets));
  }

  /** The baseline and another set that have exponents, about to be compared. */
  private record Pairing(
      Member baseline, Member other, Recipes recipes, boolean perByte, FrontierContrast contrast) {

    static Pairing of(Member baseline, Member other, Recipes recipes) {
      double one = baseline.bitsPerNat().orElse(Double.NaN);
      double two = other.bitsPerNat().orElse(Double.NaN);
      boolean perByte = Math.abs(Math.log(one / two)) > LossPoint.ROUNDING;
      FrontierContrast contrast =
          new FrontierContrast(
              baseline.optima(), perByte ? one : 1, other.optima(), perByte ? two : 1);
      return new Pairing(baseline, other, recipes, perByte, contrast);
    }

    Contrast contrast(List<Double> budgets) {
      List<Slopes> slopes = contrast.slopes();
      Fitted<List<Split>> splits = splits(budgets);
      return new Contrast(
          other.name(), recipes, Fitted.of(slopes), splits, gain(), cautions(slopes, splits));
    }

    private Fitted<List<Split>> splits(List<Double> budgets) {
      if (budgets.isEmpty() && contrast.lowest() > contrast.highest()) {
        return Fitted.refused(
            Quantities.format(
                "No budget lies in both measured ranges (%s, %s); --budget C extrapolates to one.",
                baseline.range(), other.range()));
      }
      List<Double> at = budgets.isEmpty() ? List.of(contrast.highest()) : budgets;
      return Fitted.of(
          at.stream()
              .map(contrast::at)
              .map(split -> recipes.otherText().isPresent() ? split.withoutLoss() : split)
              .toList());
    }

    private Fitted<Gain> gain() {
      if (recipes.otherText().isPresent()) {
        return Fitted.refused(recipes.otherText().get());
      }
      for (Member set : List.of(baseline, other)) {
        Optional<String> refused = set.optima().lossFrontier().refused();
        if (refused.isPresent()) {
          return Fitted.refused(set.name() + ": " + refused.get());
        }
      }
      Optional<LossRange> common = contrast.commonLosses();
      if (common.isEmpty()) {
        return Fitted.refused(
            Quantities.format(
                "No loss lies in both measured ranges: at its optima %s goes from %s down to %s %s,"
                    + " %s from %s to %s.",
                baseline.name(),
                Words.LOSS.of(contrast.baselineLosses().high()),
                Words.LOSS.of(contrast.baselineLosses().low()),
                unit(),
                other.name(),
                Words.LOSS.of(contrast.otherLosses().high()),
                Words.LOSS.of(contrast.otherLosses().low())));
      }
      List<EqualLoss> drawn = contrast.equalLosses(common.get());
      EqualLoss most = drawn.get(0);
      EqualLoss least = drawn.get(drawn.size() - 1);
      boolean wide = most.baseline().value() / least.baseline().value() > NEAR;
      return Fitted.of(
          new Gain(
              unit(),
              wide ? List.of(most, drawn.get(drawn.size() / 2), least) : List.of(most),
              drawn));
    }

    private String unit() {
      return perByte ? "bits per byte" : "nats per token";
    }

    private List<String> cautions(List<Slopes> slopes, Fitted<List<Split>> splits) {
      List<String> cautions = new ArrayList<>();
      if (!contrast.sameRange() && slopes.size() == 1) {
        cautions.add(
            Quantities.format(
                "The exponents are of other budgets (%s, %s), and they drift with compute.",
                baseline.range(), other.range()));
      }
      for (Split split : splits.value().orElse(List.of())) {
        beyond(split.budget(), split.baselineBeyond(), baseline.name()).forEach(cautions::add);
        beyond(split.budget(), split.otherBeyond(), other.name()).forEach(cautions::add);
      }
      if (recipes.otherText().isEmpty() && !recipes.sameText()) {
        cautions.add(
            perByte
                ? "Nothing says on which text the losses were taken; they are compared as if on the"
                    + " same."
                : "Nothing says on which text and with which tokenizer the losses were taken; they"
                    + " are compared as if both were the same.");
      }
      if (perByte) {
        cautions.add(
            Quantities.format(
                "A token of %s is %s bytes of the held-out text, one of %s %s: D*, in tokens, is"
                    + " not in one unit.",
                baseline.name(), baseline.bytesPerToken(), other.name(), other.bytesPerToken()));
      }
      cautions.addAll(recipes.cautions());
      return cautions;
    }

    private static Stream<String> beyond(double budget, double decades, String name) {
      return decades == 0
          ? Stream.empty()
          : Stream.of(
              Quantities.format(
                  "%s FLOPs are %.1f decades %s what %s has measured.",
                  Quantities.flops(budget),
                  Math.abs(decades),
                  decades > 0 ? "beyond" : "below",
                  name));
    }
  }
}
