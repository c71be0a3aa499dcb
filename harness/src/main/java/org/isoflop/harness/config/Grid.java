package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.List;

/**
 * The cells a sweep asks for: budgets × sizes, or each cell by name.
 *
 * @param budgets FLOPs a cell may spend on training, smallest first; those of the cells where these
 *     are named
 * @param sizes the decoders tried at each budget, unless the cells are named
 * @param expected where each budget's sizes are centred, unless the cells are named
 * @param cells every cell by name; empty where budgets × sizes are meant
 */
@JsonSerialize(using = GridSerializer.class)
public record Grid(List<Double> budgets, Sizes sizes, Expected expected, List<GridCell> cells) {

  /** Budgets nearer than this are one budget for every purpose of a sweep. */
  static final double SMALLEST_RATIO = 1.1;

  private static final int MOST_BUDGETS = 100;

  private static final int MOST_CELLS = 1000;

  private static final double MOST_FLOPS = 1e30;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Grid {
    budgets = List.copyOf(budgets);
    cells = List.copyOf(cells);
    checkCells(cells);
    check(!budgets.isEmpty(), "budgets", "is an empty list, name at least one, such as 1e15");
    check(
        budgets.size() <= MOST_BUDGETS,
        "budgets",
        "%d budgets are too many, use at most %d",
        budgets.size(),
        MOST_BUDGETS);
    for (int i = 0; i < budgets.size(); i++) {
      String key = "budgets[" + i + "]";
      double budget = budgets.get(i);
      checkFlops(budget, key);
      check(
          i == 0 || budget >= SMALLEST_RATIO * budgets.get(i - 1),
          key,
          "%s does not exceed the budget before it by a tenth or more; list them smallest first",
          text(budget));
    }
  }

  /** Budgets × sizes. */
  public Grid(List<Double> budgets, Sizes sizes, Expected expected) {
    this(budgets, sizes, expected, List.of());
  }

  /** Returns the defaults around these budgets. */
  public static Grid of(List<Double> budgets) {
    return new Grid(budgets, Sizes.DEFAULT, Expected.DEFAULT);
  }

  /** Returns a grid of these cells and no other. */
  public static Grid ofCells(List<GridCell> cells) {
    check(!cells.isEmpty(), "cells", "is an empty list, name at least one cell");
    List<Double> budgets = cells.stream().map(GridCell::budget).distinct().sorted().toList();
    return new Grid(budgets, Sizes.DEFAULT, Expected.DEFAULT, cells);
  }

  /** Takes either cells or all the rest from the YAML; the reader has seen to it that one is. */
  @JsonCreator
  static Grid read(
      @JsonProperty("budgets") @JsonDeserialize(using = BudgetsDeserializer.class)
          List<Double> budgets,
      @JsonProperty("sizes") Sizes sizes,
      @JsonProperty("expected") Expected expected,
      @JsonProperty("cells") List<GridCell> cells) {
    return cells == null ? new Grid(budgets, sizes, expected) : ofCells(cells);
  }

  /** Refuses what no decoder could spend, and what none will for a long time. */
  static void checkFlops(double flops, String key) {
    check(flops > 0, key, "%s is not a number of FLOPs, use a positive one", text(flops));
    check(flops <= MOST_FLOPS, key, "%s FLOPs are too many, use at most 1e30", text(flops));
  }

  private static void checkCells(List<GridCell> cells) {
    check(
        cells.size() <= MOST_CELLS,
        "cells",
        "%d cells are too many, use at most %d",
        cells.size(),
        MOST_CELLS);
    for (int i = 0; i < cells.size(); i++) {
      GridCell cell = cells.get(i);
      for (int j = 0; j < i; j++) {
        GridCell other = cells.get(j);
        double ratio =
            Math.max(cell.budget(), other.budget()) / Math.min(cell.budget(), other.budget());
        check(
            ratio == 1 || ratio >= SMALLEST_RATIO,
            "cells[" + i + "].budget",
            "%s is within a tenth of %s, the budget of cells[%d]; use one of the two for both",
            text(cell.budget()),
            text(other.budget()),
            j);
        check(
            !cell.equals(other),
            "cells[" + i + "]",
            "repeats cells[%d]; a second run of a cell needs another seed",
            j);
      }
    }
  }

  /**
   * The decoders tried at each budget, geometric in total parameters.
   *
   * @param perBudget how many; a curve needs four points to show more than its parabola
   * @param span ratio of the largest to the smallest
   */
  public record Sizes(int perBudget, double span) {

    /** A factor 4 to each side of the expected optimum. */
    public static final Sizes DEFAULT = new Sizes(7, 16);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Sizes {
      check(perBudget >= 4, "per_budget", "%d is too few, use 4 or more", perBudget);
      check(perBudget <= 100, "per_budget", "%d is too many, use at most 100", perBudget);
      check(
          span > 1 && span <= 1e6,
          "span",
          "%s is out of range, use more than 1 (16 is customary) and at most 1e6",
          text(span));
    }
  }
}
