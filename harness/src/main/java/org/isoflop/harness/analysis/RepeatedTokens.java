package org.isoflop.harness.analysis;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.allocation.RepeatedDataLaw;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.points.Run;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * What it means for D* that some runs saw tokens more than once. Repeated tokens lower the loss
 * less than fresh ones, so that a D* which counts them is more than the fresh tokens that would do;
 * by how much is taken from Muennighoff et al. 2023 ({@link RepeatedDataLaw}), not from the points.
 *
 * @param points how many saw tokens more than once, at least one
 * @param all how many points there are
 * @param mostEpochs of any of them
 * @param uniqueTokens the fewest and the most unique tokens of any of them
 * @param top D* at the highest budget, where there is one
 */
public record RepeatedTokens(
    int points, @JsonIgnore int all, double mostEpochs, Interval uniqueTokens, Optional<Top> top) {

  /** More are beyond those that cost little (Muennighoff et al. 2023, section 1). */
  private static final double CHEAP_EPOCHS = 4;

  /** An overstated D* by less than this share misleads nobody. */
  private static final double MISLEADING = 0.01;

  /**
   * D* at one budget.
   *
   * @param budget FLOPs
   * @param tokens D*
   * @param epochs D* over the fewest unique tokens of the points that repeat any
   * @param overstated by what share D* is more than the fresh tokens it is worth; 0 within an epoch
   */
  public record Top(double budget, double tokens, double epochs, double overstated) {}

  /**
   * Looks for repeats; empty where no row says that there are any.
   *
   * @param runs the rows of the points
   * @param frontier the optima, where there are some
   */
  static Optional<RepeatedTokens> of(List<Run> runs, Optional<EfficientFrontier> frontier) {
    List<Run> repeating =
        runs.stream()
            .filter(Run::onBudget) // else its counts contradict each other
            .filter(Run::repeats)
            .toList();
    if (repeating.isEmpty()) {
      return Optional.empty();
    }
    double[] unique =
        repeating.stream().mapToDouble(run -> run.uniqueTokens().orElseThrow()).sorted().toArray();
    double fewest = unique[0];
    return Optional.of(
        new RepeatedTokens(
            repeating.size(),
            runs.size(),
            repeating.stream().mapToDouble(run -> run.epochs().orElseThrow()).max().orElseThrow(),
            new Interval(fewest, unique[unique.length - 1]),
            frontier.map(found -> top(found, fewest))));
  }

  private static Top top(EfficientFrontier frontier, double unique) {
    double budget = frontier.highest();
    double tokens = frontier.at(budget).tokens().value();
    return new Top(
        budget,
        tokens,
        tokens / unique,
        tokens / RepeatedDataLaw.effectiveTokens(tokens, unique) - 1);
  }

  /** Returns whether to say so before the numbers. */
  boolean misleading() {
    return mostEpochs > CHEAP_EPOCHS
        || top.filter(found -> found.overstated() > MISLEADING).isPresent();
  }

  /** Returns all of it in one sentence. */
  String sentence() {
    String fewest = Quantities.count(uniqueTokens.low());
    String most = Quantities.count(uniqueTokens.high());
    return Quantities.format(
        "At %d of %d points D counts repeated tokens, up to %s epochs of %s unique ones, so that D*"
            + " ~ C^b is of tokens seen, not of unique ones; %s epochs are worth as much as %s of"
            + " fresh tokens (Muennighoff et al. 2023)%s.",
        points,
        all,
        Quantities.digits(mostEpochs),
        fewest.equals(most) ? fewest : fewest + " to " + most,
        Quantities.digits(mostEpochs),
        Quantities.digits(RepeatedDataLaw.effectiveTokens(mostEpochs, 1)),
        top.map(RepeatedTokens::words).orElse(""));
  }

  private static String words(Top top) {
    String optimum =
        Quantities.format(
            "D* at %s FLOPs, %s", Quantities.flops(top.budget()), Quantities.count(top.tokens()));
    return top.epochs() > 1
        ? Quantities.format(
            ", and %s or %s epochs, overstates by about %s the fresh tokens that would do",
            optimum, Quantities.digits(top.epochs()), Quantities.percent(top.overstated()))
        : "; " + optimum + ", lies within one";
  }
}
