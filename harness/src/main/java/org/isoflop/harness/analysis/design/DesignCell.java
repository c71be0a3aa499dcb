package org.isoflop.harness.analysis.design;

import java.util.OptionalDouble;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * A run that a design is made of, with all that decides its expected loss.
 *
 * @param budget FLOPs, C; also what the run costs
 * @param params parameters, N
 * @param tokens training tokens, D
 */
public record DesignCell(double budget, double params, double tokens) {

  /** Refuses what is not positive with {@link IllegalArgumentException}. */
  public DesignCell {
    if (!(budget > 0 && params > 0 && tokens > 0)
        || Double.isInfinite(budget)
        || Double.isInfinite(params)
        || Double.isInfinite(tokens)) {
      throw new IllegalArgumentException("not a cell: " + budget + ", " + params + ", " + tokens);
    }
  }

  /** Returns the cell that a point was measured at. */
  public static DesignCell of(LossPoint point) {
    return new DesignCell(point.budget(), point.params(), point.tokens());
  }

  /** Returns this cell with a measured loss, nats per token. */
  LossPoint measured(double loss, String lineage) {
    return new LossPoint(budget, budget, params, tokens, loss, OptionalDouble.empty(), lineage);
  }

  double lnParams() {
    return Math.log(params);
  }
}
