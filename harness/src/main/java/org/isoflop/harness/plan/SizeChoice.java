package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Grid;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.SizeLadder;

/** Chooses each budget's decoders: geometric in total parameters around the expected optimum. */
final class SizeChoice {

  /**
   * A target this little past the ladder's end still gets the end, as it would between two rungs.
   */
  private static final double PAST_THE_END = 1.25;

  private final SizeLadder ladder;
  private final Grid grid;

  SizeChoice(SizeLadder ladder, Grid grid) {
    this.ladder = ladder;
    this.grid = grid;
  }

  /** A decoder of a budget, and the total parameters the grid asked for in its place. */
  record Chosen(double targetParams, DecoderConfig decoder) {}

  /** Returns the decoders of a budget, smallest first; what cannot be built goes to the dropped. */
  List<Chosen> at(double budget, List<DroppedCell> dropped) {
    List<DecoderConfig> rungs = ladder.rungs();
    double smallest = params(rungs.get(0));
    double largest = params(rungs.get(rungs.size() - 1));
    List<Chosen> chosen = new ArrayList<>();
    Set<DecoderConfig> taken = new HashSet<>();
    for (double target : targets(expectedOptimum(budget))) {
      if (target < smallest / PAST_THE_END) {
        dropped.add(drop(budget, target, "smaller than the smallest decoder", rungs.get(0)));
      } else if (target > largest * PAST_THE_END) {
        dropped.add(
            drop(budget, target, "larger than the largest decoder", rungs.get(rungs.size() - 1)));
      } else {
        DecoderConfig nearest = ladder.nearest(target);
        if (taken.add(nearest)) {
          chosen.add(new Chosen(target, nearest));
        } else {
          dropped.add(drop(budget, target, "the nearest decoder is another cell's", nearest));
        }
      }
    }
    return chosen;
  }

  /**
   * Returns the total parameters at which the expected tokens per parameter cost exactly the
   * budget, interpolated on logarithmic axes between rungs; beyond the ladder's ends, where the
   * cost is taken to grow as the square of the parameters.
   */
  double expectedOptimum(double budget) {
    DecoderConfig below = null;
    for (DecoderConfig rung : ladder.rungs()) {
      if (expectedCost(rung) >= budget) {
        return below == null ? beyond(rung, budget) : between(below, rung, budget);
      }
      below = rung;
    }
    return beyond(below, budget);
  }

  private double between(DecoderConfig below, DecoderConfig above, double budget) {
    double share =
        Math.log(budget / expectedCost(below))
            / Math.log(expectedCost(above) / expectedCost(below));
    return params(below) * Math.pow(params(above) / params(below), share);
  }

  private double beyond(DecoderConfig end, double budget) {
    return params(end) * Math.sqrt(budget / expectedCost(end));
  }

  private double expectedCost(DecoderConfig rung) {
    return rung.flopsPerToken() * grid.expected().tokensPerParam() * params(rung);
  }

  private List<Double> targets(double centre) {
    int count = grid.sizes().perBudget();
    List<Double> targets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      targets.add(centre * Math.pow(grid.sizes().span(), (double) i / (count - 1) - 0.5));
    }
    return targets;
  }

  private static DroppedCell drop(
      double budget, double target, String reason, DecoderConfig decoder) {
    return new DroppedCell(
        budget,
        target,
        String.format(
            "%s (%s, %s params)", reason, decoder.shapeName(), Quantities.count(params(decoder))));
  }

  private static double params(DecoderConfig decoder) {
    return decoder.parameters().total();
  }
}
