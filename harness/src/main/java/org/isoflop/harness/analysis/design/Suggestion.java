package org.isoflop.harness.analysis.design;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The next cells to train, and what they would do to the exponent at the top of the range.
 *
 * @param top the budgets that the top exponent then rests on, FLOPs, lowest first
 * @param steps in the order of their usefulness for their FLOPs
 * @param before standard error of the top exponent as measured, linearised; empty where the
 *     measured cells do not give one
 * @param after the same with all steps
 */
public record Suggestion(List<Double> top, List<Step> steps, OptionalDouble before, double after) {

  /** Copies the lists. */
  public Suggestion {
    top = List.copyOf(top);
    steps = List.copyOf(steps);
  }

  /** Returns all cells, in the order of the steps. */
  public List<DesignCell> cells() {
    return steps.stream().flatMap(step -> step.cells().stream()).toList();
  }

  /** Returns what they cost, FLOPs. */
  public double flops() {
    return cells().stream().mapToDouble(DesignCell::budget).sum();
  }

  /**
   * Cells that only help together: one, or those that make a budget count.
   *
   * @param cells of one budget
   * @param standardError of the top exponent once this and the steps before it are done; empty
   *     while there is none
   */
  public record Step(List<DesignCell> cells, OptionalDouble standardError) {

    /** Copies the list. */
    public Step {
      cells = List.copyOf(cells);
    }
  }
}
