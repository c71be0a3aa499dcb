package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.Training;
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
  private static final double PAST_THE_END = 1.25;

  /** The customary ladder has a rung nearer to any target; a list of shapes may have gaps. */
  private static final double FARTHEST = 1.6;

  private final SizeLadder ladder;
  private final Grid grid;
  private final Training training;
  private final DoubleUnaryOperator expected;

  /**
   * Prepares to choose.
   *
   * @param training whose seeds and settings all cells have that name none
   * @throws org.isoflop.harness.BadInputException if the grid is centred on an earlier sweep that
   *     has no frontier
   */
  SizeChoice(SizeLadder ladder, Grid grid, Training training) {
    this.ladder = ladder;
    this.grid = grid;
    this.training = training;
    this.expected = ExpectedSurface.optimum(grid.expected(), ladder);
  }

  /**
   * A decoder of a budget, with one seed and one setting.
   *
   * @param targetParams total parameters the grid asked for in its place
   * @param decoder the nearest that can be built
   * @param seed of its initial weights and the order of its data
   * @param setting what rule or number are multiplied by
   */
  record Chosen(double targetParams, DecoderConfig decoder, long seed, Setting setting) {}

  /** What the grid asks for at one size. */
  private record Target(double params, List<Long> seeds, List<Setting> settings) {}

  /** Returns the decoders of a budget, smallest first; what cannot be built goes to the dropped. */
  List<Chosen> at(double budget, List<Plan.DroppedCell> dropped) {
    List<Chosen> chosen = new ArrayList<>();
    Set<Chosen> taken = new HashSet<>();
    for (Target asked : targets(budget)) {
      double target = asked.params();
      Optional<String> lacking = lacking(ladder, target);
      if (lacking.isPresent()) {
        dropped.add(new Plan.DroppedCell(budget, target, lacking.get()));
      } else {
        DecoderConfig nearest = ladder.nearest(target);
        boolean any = false;
        for (long seed : asked.seeds()) {
          for (Setting setting : asked.settings()) {
            if (taken.add(new Chosen(0, nearest, seed, setting))) {
              any = chosen.add(new Chosen(target, nearest, seed, setting));
            }
          }
        }
        if (!any) {
          String taker = reason("the nearest decoder is another cell's", nearest);
          dropped.add(new Plan.DroppedCell(budget, target, taker));
        }
      }
    }
    return chosen;
  }

  /** Returns the params that the sizes of a budget lie about. */
  double centre(double budget) {
    DoubleSummaryStatistics named =
        grid.cells().stream()
            .filter(cell -> cell.budget() == budget)
            .mapToDouble(GridCell::params)
            .summaryStatistics();
    return named.getCount() > 0
        ? Math.sqrt(named.getMin() * named.getMax())
        : expected.applyAsDouble(budget);
  }

  private List<Target> targets(double budget) {
    if (!grid.cells().isEmpty()) {
      return grid.cells().stream()
          .filter(cell -> cell.budget() == budget)
          .sorted(
              Comparator.comparingDouble(GridCell::params)
                  .thenComparingLong(cell -> cell.seed().orElse(training.seed())))
          .map(
              cell ->
                  new Target(
                      cell.params(),
                      cell.seeds(training),
                      settings(
                          cell.learningRateMultipliers(training),
                          cell.batchMultipliers(training),
                          cell.changes())))
          .toList();
    }
    int count = grid.sizes().perBudget();
    double ratio = Math.log(grid.sizes().span()) / (count - 1);
    double centre = Math.log(expected.applyAsDouble(budget)) / ratio;
    long first = Math.round(centre - (count - 1) / 2.0);
    List<Target> targets = new ArrayList<>();
    List<Setting> settings =
        settings(
            training.learningRate().multipliers(),
            training.batchTokens().multipliers(),
            Changes.NONE);
    for (int i = 0; i < count; i++) {
      targets.add(new Target(Math.exp((first + i) * ratio), training.allSeeds(), settings));
    }
    return targets;
  }

  /** Returns every learning rate with every batch. */
  private static List<Setting> settings(List<Double> rates, List<Double> batches, Changes changes) {
    return rates.stream()
        .flatMap(rate -> batches.stream().map(batch -> new Setting(rate, batch, changes)))
        .toList();
  }

  /** Returns why no decoder of a ladder stands for a number of params, where none does. */
  static Optional<String> lacking(SizeLadder ladder, double target) {
    DecoderConfig smallest = ladder.rungs().get(0);
    DecoderConfig largest = ladder.rungs().get(ladder.rungs().size() - 1);
    DecoderConfig nearest = ladder.nearest(target);
    if (target < params(smallest) / PAST_THE_END) {
      return Optional.of(reason("smaller than the smallest decoder", smallest));
    }
    if (target > params(largest) * PAST_THE_END) {
      return Optional.of(reason("larger than the largest decoder", largest));
    }
    return Horizon.factor(params(nearest) / target) > FARTHEST
        ? Optional.of(reason("further than a factor 1.6 from the nearest decoder", nearest))
        : Optional.empty();
  }

  private static String reason(String reason, DecoderConfig decoder) {
    return String.format(
        "%s (%s, %s params)", reason, decoder.shapeName(), Quantities.count(params(decoder)));
  }

  private static double params(DecoderConfig decoder) {
    return decoder.parameters().total();
  }
}
