package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

import java.util.Map;
import org.isoflop.harness.config.Changes;

/**
 * One of the settings that a cell is trained with, of which the best is to be its point.
 *
 * @param learningRate what the cell's own learning rate is multiplied by
 * @param batch what its own batch is multiplied by
 * @param changes what else is not as the configuration has it
 */
public record Setting(double learningRate, double batch, Changes changes) {

  /** What follows a job's id for a change of this key. */
  private static final Map<String, String> SUFFIXES =
      Map.of(Changes.WEIGHT_DECAY, "-wd", Changes.WARMUP, "-wu", Changes.BETA2, "-bb");

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

  /** Nothing else changed. */
  public Setting(double learningRate, double batch) {
    this(learningRate, batch, Changes.NONE);
  }

  /** Returns what tells jobs of this setting from those of {@link #ONE}, whose ids say nothing. */
  String suffix() {
    StringBuilder suffix = new StringBuilder();
    suffix.append(learningRate == 1 ? "" : "-lr" + text(learningRate));
    suffix.append(batch == 1 ? "" : "-b" + text(batch));
    changes.values().forEach((key, value) -> suffix.append(SUFFIXES.get(key)).append(text(value)));
    return suffix.toString();
  }

  private static String text(double value) {
    String text = Double.toString(value);
    return text.endsWith(".0") ? text.replace(".0", "") : text;
  }

  /** Returns how far it is from {@link #ONE}, for choosing between equals. */
  double distance() {
    return Math.abs(Math.log(learningRate)) + Math.abs(Math.log(batch));
  }
}
