package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.text;

/** What a plan must not exceed. */
public record Limits(
    @Words(
            "Passes over the training tokens; up to about 4 cost little (arXiv 2305.16264)."
                + " Default: 4")
        double epochs) {

  /** Up to about four passes cost little (Muennighoff et al. 2023, arXiv 2305.16264). */
  public static final Limits DEFAULT = new Limits(4);

  private static final double MOST_EPOCHS = 1e12;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Limits {
    check(epochs > 0, "epochs", "%s is not positive", text(epochs));
    check(epochs <= MOST_EPOCHS, "epochs", "%s is no limit, use at most 1e12", text(epochs));
  }
}
