package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;

/**
 * How the validation loss of a horizon is taken.
 *
 * @param tokens validation tokens it is taken over, or all there are where these are fewer
 */
public record Evaluation(long tokens) {

  /** The value of a configuration without an {@code evaluation} section. */
  public static final Evaluation DEFAULT = new Evaluation(200_000);

  private static final long MOST_TOKENS = 1_000_000_000_000L;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Evaluation {
    check(
        tokens >= 1 && tokens <= MOST_TOKENS,
        "tokens",
        "%d is not a number of tokens, use 1 to 1000000000000",
        tokens);
  }
}
