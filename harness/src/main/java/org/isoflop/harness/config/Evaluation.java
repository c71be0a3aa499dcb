package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

/**
 * How validation losses are taken.
 *
 * @param tokens validation tokens one is taken over, or all there are where these are fewer
 * @param every share of itself by which the training of a job grows between losses on the way to
 *     its horizon; 0 where none are taken
 */
public record Evaluation(long tokens, double every) {

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
    check(
        every == 0 || (every >= SMALLEST_GROWTH && every <= 1),
        "every",
        "%s is out of range, use %s to 1, or 0 for losses at the horizons alone",
        text(every),
        text(SMALLEST_GROWTH));
  }
}
