package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

/**
 * Whether the horizons of a size share training.
 *
 * @param kind how
 * @param tolerance how far the learning rate and the batch of a trunk may be from what one of its
 *     horizons would have of its own, as a factor
 */
public record Sharing(Kind kind, double tolerance) {

  /** How horizons share training. */
  public enum Kind {
    /** Each horizon is a branch of a trunk at constant learning rate. */
    TRUNK,
    /** Each horizon is a run of its own. */
    NONE
  }

  private static final double DEFAULT_TOLERANCE = 1.5;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Sharing {
    check(
        tolerance >= 1 && tolerance <= 100,
        "tolerance",
        "%s is out of range, use a factor from 1 to 100",
        text(tolerance));
  }

  /** Returns what a configuration has that does not say: trunks wherever a schedule has one. */
  public static Sharing defaultFor(ScheduleConfig schedule) {
    return new Sharing(
        schedule instanceof ScheduleConfig.Wsd ? Kind.TRUNK : Kind.NONE, DEFAULT_TOLERANCE);
  }

  /** Returns whether horizons are branches of trunks. */
  public boolean trunks() {
    return kind == Kind.TRUNK;
  }
}
