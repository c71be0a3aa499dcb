package org.isoflop.harness.plan;

/**
 * A cell the grid asked for and the plan leaves out.
 *
 * @param budget FLOPs of the cell
 * @param params total parameters the cell was to have
 * @param reason why it is left out, as a sentence without its full stop
 */
public record DroppedCell(double budget, double params, String reason) {

  /** Refuses a cell without a reason with {@link IllegalArgumentException}. */
  public DroppedCell {
    Checks.check(!reason.isBlank(), "a cell of budget %s is dropped without a reason", budget);
  }
}
