package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalLong;

/**
 * One cell by name.
 *
 * @param budget FLOPs it may spend on training
 * @param params total parameters; the nearest decoder that can be built is trained
 * @param seed of its initial weights and the order of its data; that of {@code training} where
 *     there is none
 */
public record GridCell(double budget, double params, OptionalLong seed) {

  private static final double MOST_PARAMS = 1e15;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public GridCell {
    Grid.checkFlops(budget, "budget");
    check(
        params >= 1 && params <= MOST_PARAMS,
        "params",
        "%s is not a number of parameters, use 1 to 1e15",
        text(params));
  }

  @JsonCreator
  static GridCell read(
      @JsonProperty("budget") Double budget,
      @JsonProperty("params") Double params,
      @JsonProperty("seed") Long seed) {
    check(budget != null, "budget", "is missing, use the FLOPs the cell may spend");
    check(params != null, "params", "is missing, use the cell's total parameters");
    return new GridCell(
        budget, params, seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
  }
}
