package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Grid;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.SizeLadder;

/**
 * Chooses each budget's decoders: those that the grid names, or the rungs nearest the expected
 * optimum of one ladder, geometric in total parameters, that all budgets share. Its rungs are whole
 * powers of their ratio, so that a budget added later finds the same ones.
 */
final class SizeChoice {

  /**
   * A target this little past the ladder's end still gets the end, as it would between two rungs.
   */
  static final double PAST_THE_END = 1.25;

  private final SizeLadder ladder;
  private final Grid grid;
  private final long seed;
  private final ExpectedOptimum expected;

  /**
   * Prepares to choose.
   *
   * @param seed of the cells that name none
   * @throws org.isoflop.harness.BadInputException if the grid is centred on an earlier sweep that
   *     has no frontier
   */
  SizeChoice(SizeLadder ladder, Grid grid, long seed) {
    this.ladder = ladder;
    this.grid = grid;
    this.seed = seed;
    this.expected = ExpectedOptimum.of(grid.expected(), ladder);
  }

  /**
   * A decoder of a budget.
   *
   * @param targetParams total parameters the grid asked for in its place
   * @param decoder the nearest that can be built
   * @param seed of its initial weights and the order of its data
   */
  record Chosen(double targetParams, DecoderConfig decoder, long seed) {}

  /** What the grid asks for. */
  private record Target(double params, long seed) {}

  /** Returns the decoders of a budget, smallest first; what cannot be built goes to the dropped. */
  List<Chosen> at(double budget, List<DroppedCell> dropped) {
    List<DecoderConfig> rungs = ladder.rungs();
    double smallest = params(rungs.get(0));
    double largest = params(rungs.get(rungs.size() - 1));
    List<Chosen> chosen = new ArrayList<>();
    Set<Chosen> taken = new HashSet<>();
    for (Target asked : targets(budget)) {
      double target = asked.params();
      if (target < smallest / PAST_THE_END) {
        dropped.add(drop(budget, target, "smaller than the smallest decoder", rungs.get(0)));
      } else if (target > largest * PAST_THE_END) {
        dropped.add(
            drop(budget, target, "larger than the largest decoder", rungs.get(rungs.size() - 1)));
      } else {
        DecoderConfig nearest = ladder.nearest(target);
        if (taken.add(new Chosen(0, nearest, asked.seed()))) {
          chosen.add(new Chosen(target, nearest, asked.seed()));
        } else {
          dropped.add(drop(budget, target, "the nearest decoder is another cell's", nearest));
        }
      }
    }
    return chosen;
  }

  private List<Target> targets(double budget) {
    if (!grid.cells().isEmpty()) {
      return grid.cells().stream()
          .filter(cell -> cell.budget() == budget)
          .map(cell -> new Target(cell.params(), cell.seed().orElse(seed)))
          .sorted(Comparator.comparingDouble(Target::params).thenComparingLong(Target::seed))
          .toList();
    }
    int count = grid.sizes().perBudget();
    double ratio = Math.log(grid.sizes().span()) / (count - 1);
    double centre = Math.log(expected.params(budget)) / ratio;
    long first = Math.round(centre - (count - 1) / 2.0);
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      targets.add(new Target(Math.exp((first + i) * ratio), seed));
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
