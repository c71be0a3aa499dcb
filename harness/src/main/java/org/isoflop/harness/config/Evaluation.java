package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.text;

/** How validation losses are taken. */
public record Evaluation(
    @Words(
            "Validation tokens a loss is taken over, or all there are; the plan says what noise few"
                + " of them leave. Default: 200000")
        long tokens,
    @Words(
            "Losses on the way as well, each time a run has grown by this share of itself: 0.1"
                + " takes about 24 while it grows tenfold, from the end of the warm-up on. They"
                + " change nothing that is trained and cost a forward pass each; the envelope uses"
                + " them. From 0.01 to 1, or 0: none. Default: 0")
        double every) {

  /** The value of a configuration without an {@code evaluation} section. */
  public static final Evaluation DEFAULT = new Evaluation(200_000, 0);

  /** 230 losses while a run grows tenfold. */
  private static final double SMALLEST_GROWTH = 0.01;

  private static final long MOST_TOKENS = 1_000_000_000_000L;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Evaluation {
    check(
        tokens >= 1 && tokens <= MOST_TOKENS,
        "tokens",
        "%d is not a number of tokens, use 1 to 1000000000000",
        tokens);
    checkRange(
        every == 0 || (every >= SMALLEST_GROWTH && every <= 1),
        "every",
        every,
        text(SMALLEST_GROWTH) + " to 1, or 0 for losses at the horizons alone");
  }
}
