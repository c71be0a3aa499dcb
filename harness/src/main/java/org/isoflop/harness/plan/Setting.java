package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

/**
 * One of the settings that a cell is trained with, of which the best is to be its point.
 *
 * @param learningRate what the cell's own learning rate is multiplied by
 * @param batch what its own batch is multiplied by
 */
public record Setting(double learningRate, double batch) {

  /** What rule or number have. */
  public static final Setting ONE = new Setting(1, 1);

  /** Refuses what is not positive with {@link IllegalArgumentException}. */
  public Setting {
    check(
        learningRate > 0 && batch > 0,
        "multipliers must be positive, are %s and %s",
        learningRate,
        batch);
  }

  /** Returns what tells jobs of this setting from those of {@link #ONE}, whose ids say nothing. */
  String suffix() {
    return part("-lr", learningRate) + part("-b", batch);
  }

  private static String part(String name, double multiplier) {
    String text = Double.toString(multiplier);
    return multiplier == 1 ? "" : name + (text.endsWith(".0") ? text.replace(".0", "") : text);
  }

  /** Returns how far it is from {@link #ONE}, for choosing between equals. */
  double distance() {
    return Math.abs(Math.log(learningRate)) + Math.abs(Math.log(batch));
  }
}
