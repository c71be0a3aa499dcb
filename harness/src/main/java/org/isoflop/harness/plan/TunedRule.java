package org.isoflop.harness.plan;

import java.util.Collection;
import java.util.List;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Law;

/**
 * A law of one hyperparameter, which is asked for that one alone. It was tuned with the schedule of
 * its sweep, so that nothing is to be taken off its rates.
 */
record TunedRule(Law law) implements CellRule {

  /** Whole steps and rungs make cells miss their places by about as much. */
  private static final double SLACK = 1.05;

  @Override
  public double learningRate(Cell cell, double batchTokens) {
    return law.at(cell.params(), cell.tokens(), batchTokens);
  }

  @Override
  public double batchTokens(Cell cell) {
    return law.at(cell.params(), cell.tokens(), 1);
  }

  @Override
  public double wsdShare() {
    return 1;
  }

  @Override
  public boolean validated(Cell cell) {
    return beyond(cell.params(), law.params()) <= SLACK
        && beyond(cell.tokens(), law.tokens()) <= SLACK;
  }

  @Override
  public String validatedRange() {
    return Quantities.format(
        "%s to %s params and %s to %s tokens",
        Quantities.count(law.params().get(0)),
        Quantities.count(law.params().get(1)),
        Quantities.count(law.tokens().get(0)),
        Quantities.count(law.tokens().get(1)));
  }

  /** Returns how far beyond the law's range cells reach, for a person. */
  String reach(Collection<Cell> cells) {
    double params =
        cells.stream().mapToDouble(c -> beyond(c.params(), law.params())).max().orElse(1);
    double tokens =
        cells.stream().mapToDouble(c -> beyond(c.tokens(), law.tokens())).max().orElse(1);
    return Quantities.format(
        "up to a factor %s in params and %s in tokens",
        Quantities.digits(params), Quantities.digits(tokens));
  }

  /** Returns how far a value lies outside a range, as a factor; 1 inside. */
  private static double beyond(double value, List<Double> range) {
    return Math.max(1, Math.max(range.get(0) / value, value / range.get(1)));
  }
}
